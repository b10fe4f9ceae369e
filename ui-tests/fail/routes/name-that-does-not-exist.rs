//! A slip in the name of a handler.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes![indx]).run("127.0.0.1:8000")
}
