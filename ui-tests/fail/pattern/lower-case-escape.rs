//! An escape in lower case.
use cello::prelude::*;

#[get("/items/%c3%a9")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
