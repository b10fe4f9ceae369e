//! A query written as a client would send it.
use cello::prelude::*;

#[get("/items?page=<page>")]
async fn item(page: u32) -> String {
    format!("{page}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
