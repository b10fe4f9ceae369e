//! A function that says it gives an `App`, and not an `impl Application`.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn app() -> App {
    App::new(routes![index])
}

fn main() -> cello::Result<()> {
    app().run("127.0.0.1:8000")
}
