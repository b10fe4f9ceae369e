//! A guard of a blueprint that cannot be asked.
use cello::prelude::*;

struct Admin;

#[cello::blueprint("/area", guard(Admin))]
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
