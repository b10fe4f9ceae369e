//! `blueprint!` without its list.
use cello::prelude::*;

mod area {
    use cello::prelude::*;

    blueprint!("/area");

    #[get("/")]
    async fn index() -> &'static str {
        "an index"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
