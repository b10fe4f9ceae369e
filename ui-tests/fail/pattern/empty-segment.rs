//! Two slashes in a row.
use cello::prelude::*;

#[get("/items//all")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
