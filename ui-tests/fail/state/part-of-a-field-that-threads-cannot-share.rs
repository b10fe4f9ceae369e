//! State with a field in which there is something that threads cannot share.
use std::cell::RefCell;

use cello::prelude::*;

struct Visits {
    names: RefCell<Vec<String>>,
}

#[derive(AppState)]
struct Services {
    visits: Visits,
    limit: u64,
}

#[get("/")]
async fn index(limit: &u64) -> String {
    limit.to_string()
}

fn main() -> cello::Result<()> {
    let visits = Visits { names: RefCell::default() };
    App::new(routes![index]).state(Services { visits, limit: 2 }).run("127.0.0.1:8000")
}
