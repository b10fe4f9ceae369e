//! More routes given to a method.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

#[get("/about")]
async fn about() -> &'static str {
    "about"
}

fn app() -> impl Application {
    App::new(routes![index]).routes(routes![about])
}

fn main() -> cello::Result<()> {
    app().run("127.0.0.1:8000")
}
