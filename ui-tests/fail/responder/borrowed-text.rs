//! An answer that borrows from a parameter.
use cello::prelude::*;

#[get("/users/<name>")]
async fn user(name: &str) -> &str {
    name
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
