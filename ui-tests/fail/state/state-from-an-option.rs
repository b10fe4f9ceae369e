//! An `Option` where the state is awaited.
use cello::prelude::*;

struct Users;

#[derive(AppState)]
struct Services {
    users: Users,
}

impl Services {
    async fn connect() -> Option<Services> {
        Some(Services { users: Users })
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
