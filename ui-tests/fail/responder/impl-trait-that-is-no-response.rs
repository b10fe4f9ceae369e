//! An answer of any type that has a trait, but not the right one.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> impl std::fmt::Display {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
