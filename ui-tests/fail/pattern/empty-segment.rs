//! Two slashes in a row.
use cello::prelude::*;

#[get("/items//all")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
