//! Middleware given to the method that tells which there is.
// rustc's own: this method takes 0 arguments
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
