//! Two pieces of state that the application does not have.
// mistakes: 2
use cello::prelude::*;

struct Users(u32);
struct Audit(u32);

#[derive(AppState)]
struct Services {
    products: u32,
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
    App::new(routes![users, audit]).state(Services { products: 3 }).run("127.0.0.1:8000")
}
