//! An escape in lower case.
use cello::prelude::*;

#[get("/items/%c3%a9")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
