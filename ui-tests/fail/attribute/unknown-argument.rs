//! An argument that another framework has.
use cello::prelude::*;

#[get("/report", rank = 2)]
async fn handler() -> &'static str {
    "a report"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
