//! A limit of a body whose number breaks off.
// rustc's own: expected at least one digit in exponent
use cello::prelude::*;

#[post("/images", body_limit = 1e)]
async fn keep(image: Bytes) -> String {
    format!("{} bytes", image.len())
}

fn main() -> cello::Result<()> {
    App::new(routes![keep]).run("127.0.0.1:8000")
}
