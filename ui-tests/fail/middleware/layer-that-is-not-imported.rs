//! A layer of tower-http at a route, by its bare name.
use cello::prelude::*;

#[get("/", with(TraceLayer::new_for_http()))]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
