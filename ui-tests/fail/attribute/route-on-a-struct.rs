//! A route attribute on something that is no function.
use cello::prelude::*;

#[get("/report")]
struct Report;

#[get("/other")]
async fn handler() -> &'static str {
    "another report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
