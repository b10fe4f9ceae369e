//! A handler that is `const`.
use cello::prelude::*;

#[get("/report")]
const fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
