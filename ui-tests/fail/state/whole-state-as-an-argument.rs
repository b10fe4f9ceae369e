//! The whole of the state, where each handler takes pieces of it.
use cello::prelude::*;

#[derive(AppState)]
struct Services {
    users: u32,
}

#[get("/")]
async fn users(services: &Services) -> String {
    services.users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
