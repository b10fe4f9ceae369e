//! `params(...)` names something that the parent's prefix does not have.
use cello::prelude::*;

#[cello::blueprint("/orgs/<org>")]
mod orgs {}

#[cello::blueprint("/teams", parent = crate::orgs, params(team))]
mod area {
    use super::*;

    #[get("/")]
    async fn index(team: u64) -> String {
        team.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
