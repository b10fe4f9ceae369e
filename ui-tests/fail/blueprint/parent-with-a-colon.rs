//! An argument that is given as a field of a struct is.
use cello::prelude::*;

mod api {
    use cello::prelude::*;

    blueprint!("/api", []);

    pub mod users {
        use cello::prelude::*;

        blueprint!("/users", [list], parent: super);

        #[get("/")]
        async fn list() -> &'static str {
            "Alice"
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![api, api::users]).run("127.0.0.1:8000")
}
