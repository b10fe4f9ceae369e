//! Middleware given to a method of that name.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn app() -> impl Application {
    App::new(routes![index]).middleware(Logging::default())
}

fn main() -> cello::Result<()> {
    app().run("127.0.0.1:8000")
}
