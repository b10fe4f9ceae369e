//! A handler without a body, before one that has one.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use cello::prelude::*;

    #[get("/<id>")]
    pub async fn user(id: u32) -> String;

    #[get("/")]
    pub async fn list() -> String {
        "users".to_owned()
    }
}

fn main() -> cello::Result<()> {
    println!("{}", users::list::path());
    App::new(routes![users]).run("127.0.0.1:8000")
}
