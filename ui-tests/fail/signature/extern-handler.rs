//! A handler for callers in C.
use cello::prelude::*;

#[get("/report")]
extern "C" fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
