//! Two fields of state that `&u32` could mean.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    users: u32,
    products: u32,
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2, products: 3 }).run("127.0.0.1:8000")
}
