//! A link to a handler that is being typed.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use cello::prelude::*;

    #[get("/<id>")]
    pub async fn user(id: ) -> String {
        "user".to_owned()
    }

    #[get("/")]
    pub async fn list() -> String {
        user::path(3).to_string()
    }
}

fn main() -> cello::Result<()> {
    println!("{}", users::list::path());
    App::new(routes![users]).run("127.0.0.1:8000")
}
