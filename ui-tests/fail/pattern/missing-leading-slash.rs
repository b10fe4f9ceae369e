//! A pattern that starts with a name.
use cello::prelude::*;

#[get("items")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
