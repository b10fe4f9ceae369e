//! `routes!` without its import.
// rustc's own: cannot find macro `routes`
use cello::{App, get};

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
