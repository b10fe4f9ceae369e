//! A `Result` that holds the state.
use cello::prelude::*;

struct Users {
    count: u32,
}

#[derive(AppState)]
struct Services {
    users: Users,
}

impl Services {
    fn connect() -> cello::Result<Self> {
        Ok(Self { users: Users { count: 2 } })
    }
}

#[get("/users")]
async fn users(users: &Users) -> String {
    users.count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services::connect()).run("127.0.0.1:8000")
}
