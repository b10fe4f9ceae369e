//! `Created` made like a tuple.
use cello::prelude::*;

#[post("/reports")]
async fn handler() -> Created<String> {
    Created("/reports/3", "a report".to_owned())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
