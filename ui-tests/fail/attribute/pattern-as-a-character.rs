//! A pattern in single quotes that happens to be a character.
use cello::prelude::*;

#[get('/')]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
