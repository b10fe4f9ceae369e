//! A blocking handler that borrows the headers.
use cello::prelude::*;

#[get("/report", blocking)]
fn handler(headers: &HeaderMap) -> String {
    headers.len().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
