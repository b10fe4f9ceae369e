//! No comma between the prefix and the list.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/users" [list]);

    #[get("/")]
    async fn list() -> &'static str {
        "Alice"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
