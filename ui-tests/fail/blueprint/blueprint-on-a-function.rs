//! `#[blueprint]` on a function.
use cello::prelude::*;

#[cello::blueprint("/area")]
async fn area() -> &'static str {
    "an area"
}

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
