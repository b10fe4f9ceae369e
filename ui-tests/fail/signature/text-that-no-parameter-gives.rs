//! A `&str` that stands in no pattern.
use cello::prelude::*;

#[get("/report")]
async fn handler(name: &str) -> String {
    name.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
