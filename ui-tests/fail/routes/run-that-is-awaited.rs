//! `run` awaited, as if it did not bring its own runtime.
// rustc's own: is not a future
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

async fn start() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000").await
}

fn main() {
    drop(start());
}
