//! A handler that waits in both ways.
use cello::prelude::*;

#[get("/report", blocking)]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
