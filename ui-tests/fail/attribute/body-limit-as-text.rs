//! A size in words.
use cello::prelude::*;

#[post("/report", body_limit = "1MB")]
async fn handler(report: String) -> String {
    report
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
