//! A parameter of type `str`, as in Python.
use cello::prelude::*;

#[get("/<name>")]
async fn index(name: str) -> String {
    name.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
