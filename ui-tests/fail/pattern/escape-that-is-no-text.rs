//! Escapes that do not decode to UTF-8.
use cello::prelude::*;

#[get("/items/%FF%FE")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
