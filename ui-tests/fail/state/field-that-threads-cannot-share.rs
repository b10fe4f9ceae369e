//! State with a field that threads cannot share.
use std::cell::RefCell;

use cello::prelude::*;

#[derive(AppState)]
struct Services {
    visits: RefCell<Vec<String>>,
    limit: u64,
}

#[get("/")]
async fn index(limit: &u64) -> String {
    limit.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state(Services { visits: RefCell::default(), limit: 2 }).run("127.0.0.1:8000")
}
