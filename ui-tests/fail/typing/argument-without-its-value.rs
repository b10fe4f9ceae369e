//! An argument of an attribute whose value is not there yet.
use cello::prelude::*;

#[get("/users", timeout = )]
async fn list() -> String {
    "users".to_owned()
}

#[get("/users/<id>")]
async fn user(id: u32) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![user, list]).run("127.0.0.1:8000")
}
