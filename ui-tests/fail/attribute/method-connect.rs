//! A method that no handler is ever asked for.
use cello::prelude::*;

#[route("/tunnel", methods(GET, CONNECT))]
async fn handler() -> &'static str {
    "a tunnel"
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
