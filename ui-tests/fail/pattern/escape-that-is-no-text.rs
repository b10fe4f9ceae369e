//! Escapes that do not decode to UTF-8.
use cello::prelude::*;

#[get("/items/%FF%FE")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
