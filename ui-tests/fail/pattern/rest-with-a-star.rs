//! The rest of a path with a star, as axum and Express write it.
use cello::prelude::*;

#[get("/files/*path")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() {
    let _ = App::new(routes![item]);
}
