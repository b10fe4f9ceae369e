//! A number that is no parameter.
use cello::prelude::*;

#[get("/report")]
async fn handler(page: u32) -> String {
    page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
