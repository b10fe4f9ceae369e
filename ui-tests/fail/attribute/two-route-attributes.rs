//! Two route attributes on one handler.
use cello::prelude::*;

#[get("/report")]
#[post("/report")]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
