//! Each method is an argument of its own, as in actix-web.
use cello::prelude::*;

#[route("/numbers", method = "GET", method = "POST")]
async fn numbers() -> &'static str {
    "numbers"
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
