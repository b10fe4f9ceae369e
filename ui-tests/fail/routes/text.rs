//! A path, where a handler is meant.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes!["/", index]).run("127.0.0.1:8000")
}
