//! State that is an enum.
use cello::prelude::*;

#[derive(AppState)]
enum Services {
    Users(u32),
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services::Users(2)).run("127.0.0.1:8000")
}
