//! The routes of health enabled like a middleware.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).enable_health_checks().run("127.0.0.1:8000")
}
