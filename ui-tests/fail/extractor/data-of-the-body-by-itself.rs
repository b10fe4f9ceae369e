//! Data of the body without `Json`, as in FastAPI.
use cello::prelude::*;

#[derive(serde::Deserialize)]
struct Item {
    name: String,
}

#[post("/items")]
async fn index(item: Item) -> String {
    item.name
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
