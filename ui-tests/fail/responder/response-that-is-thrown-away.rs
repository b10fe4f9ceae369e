//! A semicolon after what should be the answer: the handler answers with nothing.
#![deny(unused_must_use)]
use cello::prelude::*;

#[get("/state?<full>")]
async fn state(full: bool) -> impl IntoResponse {
    if full {
        Html("<p>all of it")
    } else {
        Html("<p>some of it")
    };
}

fn main() -> cello::Result<()> {
    App::new(routes![state]).run("127.0.0.1:8000")
}
