//! A pattern with a name.
use cello::prelude::*;

#[get(path = "/numbers")]
async fn numbers() -> &'static str {
    "numbers"
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
