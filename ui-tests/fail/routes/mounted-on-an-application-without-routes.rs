//! Routes that are mounted by a method on an application that has none.
// rustc's own: takes 1 argument but 0 arguments were supplied
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new().mount("/", routes![index]).run("127.0.0.1:8000")
}
