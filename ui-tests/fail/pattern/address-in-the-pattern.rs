//! A whole address as the pattern.
use cello::prelude::*;

#[get("https://shop.example/items")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
