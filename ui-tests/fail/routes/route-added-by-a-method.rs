//! A route that is added by a method, as in axum.
// rustc's own: expected function, found attribute macro `get`
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

async fn users() -> &'static str {
    "ann, bob"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).route("/users", get(users)).run("127.0.0.1:8000")
}
