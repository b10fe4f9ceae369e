//! The rest of a path with a star, as axum and Express write it.
use cello::prelude::*;

#[get("/files/*path")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
