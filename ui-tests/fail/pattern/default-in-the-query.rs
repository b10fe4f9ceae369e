//! A query parameter with a default, as a function's argument has it elsewhere.
use cello::prelude::*;

#[get("/items?<page=1>")]
async fn items(page: u32) -> String {
    format!("{page}")
}

fn main() -> cello::Result<()> {
    App::new(routes![items]).run("127.0.0.1:8000")
}
