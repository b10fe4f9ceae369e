//! A query key that is no text.
use cello::prelude::*;

#[get("/report")]
async fn handler(#[query(page_size)] size: u32) -> String {
    size.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
