//! A stream of texts where each piece may have failed.
use cello::prelude::*;
use futures_util::stream::iter;

#[get("/lines")]
async fn lines() -> Body {
    Body::from_stream(iter(["one\n", "two\n"]))
}

fn main() -> cello::Result<()> {
    App::new(routes![lines]).run("127.0.0.1:8000")
}
