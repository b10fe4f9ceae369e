//! Mistakes in three handlers of one blueprint.
// mistakes: 3
use cello::prelude::*;

#[cello::blueprint("/area")]
mod area {
    use super::*;

    #[get("/{id}")]
    async fn by_id(id: u64) -> String {
        id.to_string()
    }

    #[get("/count", blockin)]
    fn count() -> &'static str {
        "3"
    }

    #[get("/list?<page>")]
    async fn list() -> &'static str {
        "a list"
    }

    #[get("/")]
    async fn index() -> &'static str {
        "an index"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
