//! A link with a parameter of another type.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: u64) -> String {
    format!("{id}, not {}", user::path("three"))
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
