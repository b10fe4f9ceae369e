//! State that borrows.
use cello::prelude::*;

#[derive(AppState)]
struct Services<'a> {
    users: u32,
    name: &'a str,
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2, name: "a" }).run("127.0.0.1:8000")
}
