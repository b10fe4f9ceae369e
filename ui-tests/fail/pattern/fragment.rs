//! A pattern with a fragment, which stays in the browser.
use cello::prelude::*;

#[get("/items#top")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
