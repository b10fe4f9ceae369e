//! A slip in the name of an argument.
use cello::prelude::*;

#[get("/report", blockng)]
fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
