//! `params(...)` for a prefix that stands around the handler.
use cello::prelude::*;

#[cello::blueprint("/orgs/<org>")]
mod area {
    use super::*;

    #[get("/", params(org))]
    async fn index(org: u64) -> String {
        org.to_string()
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
