//! A list of what serde cannot read.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[post("/reports")]
async fn reports(reports: Json<Vec<Report>>) -> String {
    reports.iter().map(|report| report.pages).sum::<u32>().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![reports]).run("127.0.0.1:8000")
}
