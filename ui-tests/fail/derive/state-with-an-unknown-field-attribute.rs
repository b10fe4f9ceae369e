//! A slip in a field attribute of the state.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    users: u32,
    #[state(skp)]
    started: u64,
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2, started: 0 }).run("127.0.0.1:8000")
}
