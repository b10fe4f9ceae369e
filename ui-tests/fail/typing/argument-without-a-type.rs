//! An argument whose type is not there yet.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: ) -> String {
    "user".to_owned()
}

#[get("/users")]
async fn list() -> String {
    "users".to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![user, list]).run("127.0.0.1:8000")
}
