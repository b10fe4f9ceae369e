//! A path parameter with its own name, in the wrapper of axum and actix.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: Path<u64>) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
