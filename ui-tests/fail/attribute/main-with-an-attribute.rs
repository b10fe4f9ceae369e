//! An attribute on `main`, as in actix-web and Rocket.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[cello::main]
async fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000").await
}
