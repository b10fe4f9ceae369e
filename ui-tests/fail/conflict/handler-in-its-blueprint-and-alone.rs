//! A handler that is mounted with its blueprint, and once more by itself.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/users", [user]);

    #[get("/<id>")]
    pub async fn user(id: u64) -> String {
        id.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users, users::user]).run("127.0.0.1:8000")
}
