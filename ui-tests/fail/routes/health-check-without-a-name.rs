//! A health check that is given without its name.
// rustc's own: this method takes 2 arguments
use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![cello::health]).health_check(async || true).run("127.0.0.1:8000")
}
