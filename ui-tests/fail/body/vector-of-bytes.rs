//! A body as `Vec<u8>`.
use cello::prelude::*;

#[post("/report")]
async fn handler(report: Vec<u8>) -> String {
    report.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
