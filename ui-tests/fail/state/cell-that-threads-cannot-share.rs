//! A counter in the state, in a cell.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    visits: std::cell::Cell<u64>,
    limit: u64,
}

#[get("/")]
async fn index(limit: &u64) -> String {
    limit.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state(Services { visits: std::cell::Cell::new(0), limit: 2 }).run("127.0.0.1:8000")
}
