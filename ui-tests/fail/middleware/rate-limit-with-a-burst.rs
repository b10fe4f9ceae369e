//! A burst that is told to the middleware and not to its limit.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(RateLimit::per_second(10).burst(20)).run("127.0.0.1:8000")
}
