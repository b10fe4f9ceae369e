//! A bracket that is closed and was not opened.
use cello::prelude::*;

#[get("/items/id>")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
