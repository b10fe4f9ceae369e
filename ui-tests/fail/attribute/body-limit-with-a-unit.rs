//! A limit of a body with the unit behind the number.
use cello::prelude::*;

#[post("/images", body_limit = 5mb)]
async fn keep(image: Bytes) -> String {
    format!("{} bytes", image.len())
}

fn main() -> cello::Result<()> {
    App::new(routes![keep]).run("127.0.0.1:8000")
}
