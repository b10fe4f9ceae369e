//! Two handlers share one of their methods.
use cello::prelude::*;

#[route("/users", methods(GET, POST, PUT))]
async fn users() -> &'static str {
    "users"
}

#[post("/users")]
async fn add_user() -> StatusCode {
    StatusCode::CREATED
}

fn main() -> cello::Result<()> {
    App::new(routes![users, add_user]).run("127.0.0.1:8000")
}
