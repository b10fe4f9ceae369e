//! One name for a segment and for a query parameter.
use cello::prelude::*;

#[get("/items/<id>?<id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
