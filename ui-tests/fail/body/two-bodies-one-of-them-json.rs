//! A body of JSON, and the bytes of it.
use cello::prelude::*;

#[post("/report")]
async fn handler(numbers: Json<Vec<u32>>, bytes: Bytes) -> String {
    format!("{} {}", numbers.len(), bytes.len())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
