//! A handler of another crate takes state that the application does not have.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    users: u32,
}

#[get("/users")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users, catalogue::search]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
