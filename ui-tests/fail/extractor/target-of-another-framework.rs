//! The target of the request by its name in axum.
use cello::prelude::*;

#[get("/echo")]
async fn echo(uri: OriginalUri) -> String {
    uri.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![echo]).run("127.0.0.1:8000")
}
