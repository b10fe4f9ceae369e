//! A health check that is no `async` closure.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![cello::health]).health_check("database", || true).run("127.0.0.1:8000")
}
