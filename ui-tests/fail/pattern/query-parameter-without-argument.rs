//! A query parameter that no argument takes.
use cello::prelude::*;

#[get("/items?<page>")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
