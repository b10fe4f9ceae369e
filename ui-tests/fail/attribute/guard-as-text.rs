//! A guard named as text.
use cello::prelude::*;

#[get("/report", guard("admin"))]
async fn handler() -> String {
    "a report".to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
