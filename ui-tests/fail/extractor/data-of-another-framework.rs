//! Shared state as poem takes it.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    limit: u64,
}

#[get("/")]
async fn index(limit: Data<&u64>) -> String {
    limit.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state(Services { limit: 2 }).run("127.0.0.1:8000")
}
