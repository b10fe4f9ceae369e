//! The same, where a function promises an application.
use cello::prelude::*;

struct Users(u32);

#[get("/users")]
async fn users(users: &Users) -> String {
    users.0.to_string()
}

fn app() -> impl Application {
    App::new(routes![users]).enable_logging()
}

fn main() -> cello::Result<()> {
    app().run("127.0.0.1:8000")
}
