//! A bracket that is opened and not closed.
use cello::prelude::*;

#[get("/items/<id/parts")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
