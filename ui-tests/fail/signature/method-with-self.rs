//! A method as a handler.
use cello::prelude::*;

struct Reports;

impl Reports {
    #[get("/report")]
    async fn handler(&self) -> &'static str {
        "a report"
    }
}

fn main() {}
