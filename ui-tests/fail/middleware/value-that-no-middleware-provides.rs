//! A handler takes a value that no middleware provides.
use cello::prelude::*;

#[derive(Clone)]
struct User(String);

#[get("/me")]
async fn me(user: Provided<User>) -> String {
    user.0.0
}

fn main() -> cello::Result<()> {
    App::new(routes![me]).enable_logging().run("127.0.0.1:8000")
}
