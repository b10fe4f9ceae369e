//! The method that serves by its name in Express.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).listen("127.0.0.1:8000")
}
