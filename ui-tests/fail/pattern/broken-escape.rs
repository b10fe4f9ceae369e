//! A percent sign that starts no escape.
use cello::prelude::*;

#[get("/items/100%")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
