//! A pattern with nothing in it.
use cello::prelude::*;

#[get("")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
