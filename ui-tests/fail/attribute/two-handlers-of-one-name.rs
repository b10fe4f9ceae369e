//! Two handlers of one name in a file.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[get("/other")]
async fn index() -> &'static str {
    "another"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
