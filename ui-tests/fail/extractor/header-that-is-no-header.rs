//! A typed header of a type that is none.
use cello::prelude::*;

struct Report;

#[get("/report")]
async fn handler(report: Header<Report>) -> &'static str {
    drop(report);
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
