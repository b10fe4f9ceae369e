//! What is made of each request, by reference and optional.
use cello::prelude::*;

#[get("/")]
async fn index(client: Option<&ClientAddr>) -> String {
    format!("{client:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
