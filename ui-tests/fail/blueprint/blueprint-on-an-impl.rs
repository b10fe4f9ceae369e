//! A blueprint made of methods.
use cello::prelude::*;

struct Users;

#[cello::blueprint("/users")]
impl Users {
    #[get("/")]
    async fn list() -> &'static str {
        "ann, bob"
    }
}

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
