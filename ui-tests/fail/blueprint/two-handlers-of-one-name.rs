//! Two handlers of one name in a blueprint.
use cello::prelude::*;

#[cello::blueprint("/area")]
mod area {
    use cello::prelude::*;

    #[get("/")]
    async fn index() -> &'static str {
        "the area"
    }

    #[get("/other")]
    async fn index() -> &'static str {
        "another"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
