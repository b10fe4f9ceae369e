//! A handler in a file module names a parameter that its blueprint's prefix does not have.
use cello::prelude::*;

mod area {
    use cello::prelude::*;

    blueprint!("/orgs/<org>", [index]);

    #[get("/", params(team))]
    async fn index(team: u64) -> String {
        team.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
