//! A value for a word that has none.
use cello::prelude::*;

#[get("/report", blocking = true)]
fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
