//! Handlers of two modules answer one request.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/api", [user]);

    #[get("/users/<id>")]
    pub async fn user(id: u64) -> String {
        id.to_string()
    }
}

mod people {
    use cello::prelude::*;

    blueprint!("/api/users", [person]);

    #[get("/<name>")]
    pub async fn person(name: &str) -> String {
        name.to_owned()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users, people]).run("127.0.0.1:8000")
}
