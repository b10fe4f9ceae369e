//! A name that is a keyword of Rust.
use cello::prelude::*;

#[get("/items/<type>")]
async fn item(kind: u64) -> String {
    format!("{kind}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
