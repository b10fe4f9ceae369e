//! A lifetime in an argument that the handler does not declare.
// rustc's own: use of undeclared lifetime name
use cello::prelude::*;

#[get("/hello/<name>")]
async fn hello(name: &'a str) -> String {
    format!("hello {name}")
}

fn main() -> cello::Result<()> {
    App::new(routes![hello]).run("127.0.0.1:8000")
}
