//! A method in lower case.
use cello::prelude::*;

#[route("/report", methods(get))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
