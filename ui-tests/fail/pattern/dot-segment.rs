//! A pattern with a relative part.
use cello::prelude::*;

#[get("/items/../all")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
