//! Two handlers outside any blueprint answer one request.
use cello::prelude::*;

#[get("/users")]
async fn users() -> &'static str {
    "users"
}

#[get("/users/")]
async fn all_users() -> &'static str {
    "all users"
}

fn main() -> cello::Result<()> {
    App::new(routes![users, all_users]).run("127.0.0.1:8000")
}
