//! The rejection of an extractor, taken as a type that it does not have.
use cello::prelude::*;

#[post("/numbers")]
async fn numbers(numbers: Result<Json<Vec<u32>>, String>) -> String {
    format!("{numbers:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
