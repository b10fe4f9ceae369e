//! A header field named before the argument, as other languages' frameworks do.
use cello::prelude::*;

#[get("/")]
async fn index(#[header("x-token")] token: String) -> String {
    token
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
