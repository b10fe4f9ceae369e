//! A percent sign that starts no escape.
use cello::prelude::*;

#[get("/items/100%")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
