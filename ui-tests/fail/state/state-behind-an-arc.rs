//! State that is kept in an `Arc`, taken without it.
use std::sync::Arc;

use cello::prelude::*;

struct Users(u32);

#[derive(AppState)]
struct Services {
    users: Arc<Users>,
}

#[get("/")]
async fn users(users: &Users) -> String {
    users.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Arc::new(Users(2)) }).run("127.0.0.1:8000")
}
