//! An `Option` of something that is no extractor.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[get("/report")]
async fn handler(report: Option<Report>) -> String {
    report.map_or(0, |report| report.pages).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
