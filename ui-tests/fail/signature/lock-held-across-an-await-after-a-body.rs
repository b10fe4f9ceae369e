//! The guard of a lock, held across an `.await`, by a handler that takes a body.
use cello::prelude::*;

use std::sync::Mutex;

async fn pause() {}

#[derive(AppState)]
struct Services {
    report: Mutex<String>,
}

#[post("/report")]
async fn handler(report: &Mutex<String>, more: String) -> String {
    let mut report = report.lock().unwrap();
    report.push_str(&more);
    pause().await;
    report.clone()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).state(Services { report: Mutex::new(String::new()) }).run("127.0.0.1:8000")
}
