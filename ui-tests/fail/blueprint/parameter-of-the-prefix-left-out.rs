//! A handler in a file module that does not name the parameter of its blueprint's prefix.
mod teams {
    use cello::prelude::*;

    blueprint!("/orgs/<org>", [index]);

    #[get("/teams")]
    async fn index() -> &'static str {
        "teams"
    }
}

use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![teams]).run("127.0.0.1:8000")
}
