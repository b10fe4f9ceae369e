//! State as a slice.
use cello::prelude::*;

#[get("/report")]
async fn handler(names: &[String]) -> String {
    names.join(", ")
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
