//! A handler that is given to the application as its routes.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(index).run("127.0.0.1:8000")
}
