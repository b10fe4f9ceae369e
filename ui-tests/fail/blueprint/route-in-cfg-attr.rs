//! A route attribute that is there only in some builds, inside a blueprint.
use cello::prelude::*;

#[cello::blueprint("/area")]
mod area {
    use super::*;

    #[cfg_attr(unix, get("/"))]
    async fn index() -> &'static str {
        "an index"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
