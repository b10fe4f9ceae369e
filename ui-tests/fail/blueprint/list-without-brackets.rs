//! The handlers of a blueprint without the brackets of a list.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/users", list, show);

    #[get("/")]
    async fn list() -> &'static str {
        "users"
    }

    #[get("/<id>")]
    async fn show(id: u64) -> String {
        id.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
