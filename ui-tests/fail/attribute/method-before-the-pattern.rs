//! The method stands first, and the pattern has a name, as in Rocket.
use cello::prelude::*;

#[route(PATCH, uri = "/numbers")]
async fn numbers() -> &'static str {
    "numbers"
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
