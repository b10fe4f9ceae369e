//! A guard that cannot be asked.
use cello::prelude::*;

struct Admin;

#[get("/report", guard(Admin))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
