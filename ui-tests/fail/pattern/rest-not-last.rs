//! A rest parameter with something behind it.
use cello::prelude::*;

#[get("/files/<path..>/raw")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
