//! An answer that lacks `Serialize`, of a plain handler that takes a body.
use cello::prelude::*;

#[derive(serde::Deserialize)]
struct NewReport {
    lines: u32,
}

struct Report {
    lines: u32,
}

#[post("/reports")]
fn create(new: Json<NewReport>) -> Json<Report> {
    Json(Report { lines: new.lines })
}

fn main() -> cello::Result<()> {
    App::new(routes![create]).run("127.0.0.1:8000")
}
