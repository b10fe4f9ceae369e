//! A prefix with a query.
use cello::prelude::*;

#[cello::blueprint("/area?<page>")]
mod area {
    use super::*;

    #[get("/")]
    async fn index() -> &'static str {
        "an index"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
