//! The guard of a lock, held across an `.await`.
use cello::prelude::*;

use std::sync::Mutex;

async fn pause() {}

#[derive(AppState)]
struct Services {
    count: Mutex<u32>,
}

#[post("/report")]
async fn handler(count: &Mutex<u32>) -> String {
    let mut count = count.lock().unwrap();
    *count += 1;
    pause().await;
    count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).state(Services { count: Mutex::new(0) }).run("127.0.0.1:8000")
}
