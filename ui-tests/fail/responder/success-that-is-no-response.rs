//! A success type that is no response.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> Result<u32, Problem> {
    Ok(3)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
