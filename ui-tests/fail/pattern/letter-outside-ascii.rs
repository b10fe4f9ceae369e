//! A letter that has to be escaped.
use cello::prelude::*;

#[get("/straße")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
