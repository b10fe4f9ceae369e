//! A parent that is an ordinary module.
// rustc's own: cannot find type `CelloBlueprint` in module
use cello::prelude::*;

mod api {}

#[cello::blueprint("/area", parent = crate::api)]
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
