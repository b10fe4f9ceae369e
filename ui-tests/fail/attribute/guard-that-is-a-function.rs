//! A function as a guard.
// rustc's own: expected type, found function
use cello::prelude::*;

fn is_admin() -> bool {
    true
}

#[get("/report", guard(is_admin))]
async fn handler() -> String {
    is_admin().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
