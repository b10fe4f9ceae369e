//! An answer of type `str`, as in Python.
use cello::prelude::*;

#[get("/")]
async fn index() -> str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
