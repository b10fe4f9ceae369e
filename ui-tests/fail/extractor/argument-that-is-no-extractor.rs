//! An argument that nothing of a request can become.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[get("/report")]
async fn handler(report: Report) -> String {
    report.pages.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
