//! A letter that has to be escaped.
use cello::prelude::*;

#[get("/straße")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
