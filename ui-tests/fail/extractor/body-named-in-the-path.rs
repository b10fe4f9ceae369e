//! A body whose argument is named in the pattern, like `data = "<new>"` in Rocket.
use cello::prelude::*;

#[derive(serde::Deserialize)]
struct NewItem {
    name: String,
}

#[post("/items/<new>")]
async fn create(new: Json<NewItem>) -> String {
    new.0.name
}

fn main() -> cello::Result<()> {
    App::new(routes![create]).run("127.0.0.1:8000")
}
