//! A pattern that starts with a name.
use cello::prelude::*;

#[get("items")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
