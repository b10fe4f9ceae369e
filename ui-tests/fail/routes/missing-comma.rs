//! Two handlers without a comma.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

#[get("/about")]
async fn about() -> &'static str {
    "about"
}

fn main() -> cello::Result<()> {
    App::new(routes![index about]).run("127.0.0.1:8000")
}
