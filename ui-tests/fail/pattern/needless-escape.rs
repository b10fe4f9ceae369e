//! An escape of a letter that needs none.
use cello::prelude::*;

#[get("/%69tems")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
