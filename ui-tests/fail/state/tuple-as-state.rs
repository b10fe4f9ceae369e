//! Pieces of state given as a tuple.
use cello::prelude::*;

#[get("/")]
async fn users(count: &u32) -> String {
    count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state((3_u32, "a store")).run("127.0.0.1:8000")
}
