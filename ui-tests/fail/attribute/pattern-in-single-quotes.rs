//! A pattern in single quotes.
// rustc's own: unterminated character literal
use cello::prelude::*;

#[get('/users')]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
