//! A handler that is called like a module in the same blueprint.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use super::*;

    #[get("/search")]
    async fn search() -> &'static str {
        search::all()
    }

    mod search {
        pub fn all() -> &'static str {
            "all of them"
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
