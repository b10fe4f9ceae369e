//! A regular expression as the pattern.
use cello::prelude::*;

#[get("^/items/[0-9]+$")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
