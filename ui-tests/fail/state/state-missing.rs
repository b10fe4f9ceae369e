//! A piece of state that the application does not have.
use cello::prelude::*;

struct Users(u32);
struct Audit(u32);

#[derive(AppState)]
struct Services {
    users: Users,
}

#[get("/users")]
async fn users(users: &Users) -> String {
    users.0.to_string()
}

#[get("/audit")]
async fn audit(audit: &Audit) -> String {
    audit.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users, audit]).state(Services { users: Users(2) }).run("127.0.0.1:8000")
}
