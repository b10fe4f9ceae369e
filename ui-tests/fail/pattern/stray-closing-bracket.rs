//! A bracket that is closed and was not opened.
use cello::prelude::*;

#[get("/items/id>")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
