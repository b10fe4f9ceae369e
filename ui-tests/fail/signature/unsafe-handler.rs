//! A handler that is `unsafe`.
use cello::prelude::*;

#[get("/report")]
async unsafe fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
