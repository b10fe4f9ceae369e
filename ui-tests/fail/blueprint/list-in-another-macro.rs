//! The list of a blueprint as `routes![...]`.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/users", routes![list]);

    #[get("/")]
    async fn list() -> &'static str {
        "Alice"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
