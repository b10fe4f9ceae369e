//! A path in the list of routes that is being typed.
use cello::prelude::*;

#[get("/users")]
async fn list() -> String {
    "users".to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![list, users::]).run("127.0.0.1:8000")
}
