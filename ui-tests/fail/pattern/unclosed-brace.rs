//! A parameter in braces as actix-web has them, of which one is missing.
use cello::prelude::*;

#[get("/items/{id")]
async fn item(id: u32) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
