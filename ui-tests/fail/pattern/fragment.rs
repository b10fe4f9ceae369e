//! A pattern with a fragment, which stays in the browser.
use cello::prelude::*;

#[get("/items#top")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
