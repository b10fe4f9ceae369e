//! A path parameter as a list.
use cello::prelude::*;

#[get("/report/<pages>")]
async fn handler(pages: Vec<u32>) -> String {
    pages.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
