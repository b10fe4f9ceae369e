//! A pattern that is no literal: a macro sees names, not values.
use cello::prelude::*;

const REPORT: &str = "/report";

#[get(REPORT)]
async fn handler() -> &'static str {
    REPORT
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
