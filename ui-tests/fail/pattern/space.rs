//! A space, which the path of a URI cannot hold.
use cello::prelude::*;

#[get("/all items")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
