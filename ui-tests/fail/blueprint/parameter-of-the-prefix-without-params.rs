//! A handler in a file module that takes the parameter of its blueprint's prefix without naming it in its attribute.
mod teams {
    use cello::prelude::*;

    blueprint!("/orgs/<org>", [index]);

    #[get("/teams")]
    async fn index(org: u64) -> String {
        format!("teams of {org}")
    }
}

use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![teams]).run("127.0.0.1:8000")
}
