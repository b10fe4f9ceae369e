//! Two paths in one attribute.
use cello::prelude::*;

#[get(["/", "/home"])]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
