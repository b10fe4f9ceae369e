//! A link without the parameter that its path has.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: u64) -> String {
    format!("{id}, not {}", user::path())
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
