//! A prefix that is given to the application.
// rustc's own: takes 1 argument but 2 arguments were supplied
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new("/api", routes![index]).run("127.0.0.1:8000")
}
