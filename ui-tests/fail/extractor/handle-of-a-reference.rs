//! A handle of shared state around a reference to it.
use cello::prelude::*;

struct Users {
    count: u32,
}

#[derive(AppState)]
struct Services {
    users: Users,
}

#[get("/users")]
async fn users(users: State<&Users>) -> String {
    users.count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Users { count: 2 } }).run("127.0.0.1:8000")
}
