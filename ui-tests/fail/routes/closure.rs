//! A closure as a handler.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![|| async { "welcome" }]).run("127.0.0.1:8000")
}
