//! A list in a responder for streams.
use cello::prelude::*;

#[get("/lines")]
async fn lines() -> Streaming<Vec<String>> {
    Streaming(vec!["one\n".into(), "two\n".into()])
}

fn main() -> cello::Result<()> {
    App::new(routes![lines]).run("127.0.0.1:8000")
}
