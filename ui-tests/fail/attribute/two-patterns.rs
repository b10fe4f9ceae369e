//! Two paths for one handler.
use cello::prelude::*;

#[get("/report", "/reports")]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
