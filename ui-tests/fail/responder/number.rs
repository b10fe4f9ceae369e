//! A number as an answer.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> u32 {
    3
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
