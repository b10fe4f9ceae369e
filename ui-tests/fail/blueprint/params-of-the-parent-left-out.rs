//! A parent with a parameter that the child does not name.
use cello::prelude::*;

#[cello::blueprint("/orgs/<org>")]
mod orgs {}

#[cello::blueprint("/teams", parent = crate::orgs)]
mod area {
    use super::*;

    #[get("/")]
    async fn index() -> &'static str {
        "teams"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
