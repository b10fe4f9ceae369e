//! An arrow without its type.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: u32) -> {
    id.to_string()
}

#[get("/users")]
async fn list() -> String {
    "users".to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![user, list]).run("127.0.0.1:8000")
}
