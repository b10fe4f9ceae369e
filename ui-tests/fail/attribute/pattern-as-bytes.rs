//! A pattern that is no text.
use cello::prelude::*;

#[get(b"/report")]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
