//! A blueprint that lists another one, as if that were a handler.
use cello::prelude::*;

mod api {
    use cello::prelude::*;

    blueprint!("/api", [version, users]);

    #[get("/version")]
    async fn version() -> &'static str {
        "1"
    }

    pub mod users {
        use cello::prelude::*;

        blueprint!("/users", [list]);

        #[get("/")]
        async fn list() -> &'static str {
            "Alice"
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![api]).run("127.0.0.1:8000")
}
