//! A handler takes state, and the application is given none.
use cello::prelude::*;

struct Users(u32);

#[get("/users")]
async fn users(users: &Users) -> String {
    users.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
