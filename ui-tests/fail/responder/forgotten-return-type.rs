//! A handler whose last line looks like an answer.
use cello::prelude::*;

#[get("/report")]
async fn handler() {
    "a report".to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
