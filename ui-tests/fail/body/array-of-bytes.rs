//! A body of a fixed length.
use cello::prelude::*;

#[post("/report")]
async fn handler(report: [u8; 16]) -> String {
    report.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
