//! An argument that is there only in some builds.
use cello::prelude::*;

#[get("/report")]
async fn handler(#[cfg(unix)] headers: &HeaderMap) -> String {
    headers.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
