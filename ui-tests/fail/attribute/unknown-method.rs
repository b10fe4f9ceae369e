//! A slip in a method.
use cello::prelude::*;

#[route("/report", methods(GET, PSOT))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
