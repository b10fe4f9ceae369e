//! State that is made by a function that does not exist.
// rustc's own: cannot find function
use cello::prelude::*;

#[get("/users")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(services()).run("127.0.0.1:8000")
}
