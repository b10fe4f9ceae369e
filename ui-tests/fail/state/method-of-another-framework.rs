//! The method that gives state, by its name in another framework.
use cello::prelude::*;

#[derive(AppState)]
struct Users {
    count: u32,
}

#[get("/")]
async fn users(count: &u32) -> String {
    count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).with_state(Users { count: 2 }).run("127.0.0.1:8000")
}
