//! A value that cannot move between threads, held across an `.await`.
use cello::prelude::*;

use std::rc::Rc;

async fn pause() {}

#[get("/report")]
async fn handler() -> String {
    let name = Rc::new("a report");
    pause().await;
    name.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
