//! The whole request, and a part of it by reference.
use cello::prelude::*;

#[post("/report")]
async fn handler(request: Request, headers: &HeaderMap) -> String {
    format!("{} {}", request.uri(), headers.len())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
