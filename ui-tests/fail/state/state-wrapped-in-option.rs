//! State that may be absent, which it never is.
use cello::prelude::*;

struct Users(u32);

#[derive(AppState)]
struct Services {
    users: Users,
}

#[get("/")]
async fn users(users: Option<&Users>) -> String {
    users.map_or(0, |users| users.0).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Users(2) }).run("127.0.0.1:8000")
}
