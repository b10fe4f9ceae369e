//! The rest of the path in the spelling of axum.
use cello::prelude::*;

#[get("/files/{*path}")]
async fn file(path: String) -> String {
    path
}

fn main() -> cello::Result<()> {
    App::new(routes![file]).run("127.0.0.1:8000")
}
