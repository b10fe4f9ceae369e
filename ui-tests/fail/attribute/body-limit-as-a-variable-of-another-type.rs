//! A limit of bodies in a constant of another type.
// rustc's own: mismatched types
use cello::prelude::*;

const LIMIT: u64 = 1024;

#[post("/report", body_limit = LIMIT)]
async fn handler(report: String) -> String {
    report
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
