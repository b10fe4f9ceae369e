//! A pattern with nothing in it.
use cello::prelude::*;

#[get("")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
