//! Who may call a handler, as an argument of its own.
use cello::prelude::*;

#[get("/", roles("admin"))]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
