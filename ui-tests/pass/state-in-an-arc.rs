//! State that the program keeps a handle to.
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cello::prelude::*;
use cello::testing::TestClient;

#[derive(AppState)]
struct Services {
    visits: AtomicU32,
}

#[get("/")]
async fn visit(visits: &AtomicU32) -> String {
    visits.fetch_add(1, Ordering::Relaxed).to_string()
}

fn main() {
    let services = Arc::new(Services { visits: AtomicU32::new(7) });
    let client = TestClient::new(App::new(routes![visit]).state(Arc::clone(&services)));
    assert_eq!(client.get("/").send().text(), "7");
    assert_eq!(services.visits.load(Ordering::Relaxed), 8);
}
