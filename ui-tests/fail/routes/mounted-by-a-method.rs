//! Routes that are mounted by a method, as in Rocket.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[get("/users")]
async fn users() -> &'static str {
    "ann, bob"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).mount("/api", routes![users]).run("127.0.0.1:8000")
}
