//! Two arguments that take the body.
use cello::prelude::*;

#[post("/report")]
async fn handler(text: String, bytes: Bytes) -> String {
    format!("{} {}", text.len(), bytes.len())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
