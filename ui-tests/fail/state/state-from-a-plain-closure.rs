//! State that waits for nothing, given where it is awaited.
use cello::prelude::*;

struct Users;

#[derive(AppState)]
struct Services {
    users: Users,
}

impl Services {
    fn new() -> Services {
        Services { users: Users }
    }
}

#[get("/")]
async fn index(users: &Users) -> &'static str {
    let Users = users;
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state_with(|| Services::new()).run("127.0.0.1:8000")
}
