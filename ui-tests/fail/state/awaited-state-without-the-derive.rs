//! State that is awaited, of a struct that does not derive `AppState`.
use cello::prelude::*;

struct Users;

struct Services {
    users: Users,
}

impl Services {
    async fn connect() -> Services {
        Services { users: Users }
    }
}

#[get("/")]
async fn index(users: &Users) -> &'static str {
    let Users = users;
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state_with(async || Services::connect().await).run("127.0.0.1:8000")
}
