//! A blocking handler that borrows from the request.
use cello::prelude::*;

#[get("/report/<name>", blocking)]
fn handler(name: &str) -> String {
    name.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
