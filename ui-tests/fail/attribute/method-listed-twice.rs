//! One method, twice.
use cello::prelude::*;

#[route("/report", methods(GET, POST, GET))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
