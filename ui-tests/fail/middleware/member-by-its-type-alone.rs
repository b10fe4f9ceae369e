//! The type of a middleware where a middleware is expected.
use cello::prelude::*;

#[get("/", with(Timeout))]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
