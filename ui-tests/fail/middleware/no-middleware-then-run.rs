//! What is no middleware, in an application that runs: said once, where it is added.
use cello::prelude::*;

struct Quick;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(Quick).enable_logging().run("127.0.0.1:8000")
}
