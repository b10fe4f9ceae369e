//! A body that is being typed, beside handlers that are whole.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use cello::prelude::*;

    #[get("/<id>")]
    pub async fn user(id: u32) -> String {
        let name = ;
        id.
    }

    #[get("/")]
    pub async fn list() -> String {
        user::path(3).to_string()
    }
}

fn main() -> cello::Result<()> {
    println!("{} {}", users::user::path(3), users::list::path());
    App::new(routes![users]).run("127.0.0.1:8000")
}
