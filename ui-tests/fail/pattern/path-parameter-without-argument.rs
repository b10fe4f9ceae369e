//! A path parameter that no argument takes.
use cello::prelude::*;

#[get("/items/<id>")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
