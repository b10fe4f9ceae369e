//! A handler among the functions of a type.
use cello::prelude::*;

struct Reports;

impl Reports {
    #[get("/report")]
    async fn handler() -> &'static str {
        "a report"
    }
}

fn main() {}
