//! Shared state whose type is not imported.
// rustc's own: cannot find type
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    users: u32,
}

#[get("/users")]
async fn users(users: &Users) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
