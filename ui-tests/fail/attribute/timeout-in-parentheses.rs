//! A value in parentheses instead of after `=`.
use cello::prelude::*;

#[get("/report", timeout(5))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
