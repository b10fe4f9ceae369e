//! A nested prefix with a parameter that the outer one has already.
use cello::prelude::*;

#[cello::blueprint("/orgs/<org>")]
mod area {
    use super::*;

    #[blueprint("/teams/<org>")]
    mod teams {
        use super::*;

        #[get("/")]
        async fn team(org: u64) -> String {
            org.to_string()
        }
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
