//! A link to a handler that has a mistake: the mistake alone is reported.
use cello::prelude::*;

#[get("/users/<id>")]
async fn user() -> &'static str {
    "user"
}

#[get("/")]
async fn index() -> String {
    user::path(3).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index, user]).run("127.0.0.1:8000")
}
