//! The method that adds middleware by its name in another framework.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).wrap(Logging::default()).run("127.0.0.1:8000")
}
