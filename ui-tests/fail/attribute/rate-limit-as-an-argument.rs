//! A rate limit as an argument of its own.
use cello::prelude::*;

#[get("/", rate_limit = 10)]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
