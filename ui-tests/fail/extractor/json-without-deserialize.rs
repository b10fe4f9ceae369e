//! A body of a type that serde cannot read.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[post("/report")]
async fn handler(report: Json<Report>) -> String {
    report.pages.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
