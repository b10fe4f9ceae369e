//! A handler that gives a future instead of its value.
use cello::prelude::*;

async fn title() -> String {
    "a report".to_owned()
}

#[get("/report")]
async fn handler() -> String {
    title()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
