//! An iterator where a stream of pieces is expected.
use cello::prelude::*;

#[get("/lines")]
async fn lines() -> Body {
    Body::from_stream(["one\n", "two\n"].into_iter())
}

fn main() -> cello::Result<()> {
    App::new(routes![lines]).run("127.0.0.1:8000")
}
