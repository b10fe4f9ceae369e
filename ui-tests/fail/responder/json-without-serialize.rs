//! An answer of a type that serde cannot write.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[get("/report")]
async fn handler() -> Json<Report> {
    let report = Report { pages: 3 };
    assert_eq!(report.pages, 3);
    Json(report)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
