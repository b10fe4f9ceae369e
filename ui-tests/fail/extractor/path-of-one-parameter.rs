//! A path parameter taken as axum does it.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(Path(id): Path<u32>) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
