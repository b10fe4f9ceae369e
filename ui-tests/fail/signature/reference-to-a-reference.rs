//! One ampersand too many.
use cello::prelude::*;

struct Reports(u32);

#[get("/report")]
async fn handler(reports: &&Reports) -> String {
    reports.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
