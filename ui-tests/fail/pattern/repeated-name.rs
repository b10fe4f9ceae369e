//! One name for two segments.
use cello::prelude::*;

#[get("/items/<id>/parts/<id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
