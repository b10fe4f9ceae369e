//! A parameter that the prefix has already.
use cello::prelude::*;

#[cello::blueprint("/orgs/<org>")]
mod area {
    use super::*;

    #[get("/teams/<org>")]
    async fn team(org: u64) -> String {
        org.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
