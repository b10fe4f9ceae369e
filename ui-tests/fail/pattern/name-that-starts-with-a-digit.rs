//! A name that starts with a digit.
use cello::prelude::*;

#[get("/items/<2nd>")]
async fn item(second: u64) -> String {
    format!("{second}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
