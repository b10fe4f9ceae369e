//! More methods for an attribute that is a method already.
use cello::prelude::*;

#[get("/report", methods(GET, HEAD))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
