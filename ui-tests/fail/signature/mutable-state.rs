//! State that is taken to be changed.
use cello::prelude::*;

struct Reports(u32);

#[post("/report")]
async fn handler(reports: &mut Reports) -> String {
    reports.0 += 1;
    reports.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
