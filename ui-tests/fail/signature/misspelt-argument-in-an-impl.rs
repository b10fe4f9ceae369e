//! A misspelt argument of an attribute among the functions of a type.
use cello::prelude::*;

struct Reports;

impl Reports {
    #[get("/report", blockng)]
    fn handler() -> &'static str {
        "a report"
    }
}

fn main() {}
