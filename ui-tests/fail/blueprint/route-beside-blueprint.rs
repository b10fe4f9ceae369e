//! A route attribute on a module.
use cello::prelude::*;

#[get("/area")]
#[cello::blueprint("/area")]
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
