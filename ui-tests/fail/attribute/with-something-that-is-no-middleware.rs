//! Something in `with(...)` that is no middleware.
use cello::prelude::*;

struct Quick;

#[get("/report", with(Quick))]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
