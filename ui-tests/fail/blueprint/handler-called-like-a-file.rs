//! A handler that is called like the module of a file beside it.
mod health;

use cello::prelude::*;

#[get("/health")]
async fn health() -> &'static str {
    "alive"
}

fn main() -> cello::Result<()> {
    App::new(routes![health]).run("127.0.0.1:8000")
}
