//! A method in the pattern, as in Go.
use cello::prelude::*;

#[get("GET /items")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
