//! The same in a handler that is not `async`.
use cello::prelude::*;

struct Report {
    pages: u32,
}

#[get("/report")]
fn handler() -> Report {
    let report = Report { pages: 3 };
    assert_eq!(report.pages, 3);
    report
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
