//! A space, which the path of a URI cannot hold.
use cello::prelude::*;

#[get("/all items")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
