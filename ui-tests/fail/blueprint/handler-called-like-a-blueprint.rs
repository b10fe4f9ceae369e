//! A handler that is called like a blueprint in the same file.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use super::*;

    #[get("/me")]
    async fn me() -> &'static str {
        "me"
    }
}

#[get("/users")]
async fn users() -> &'static str {
    "all of them"
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
