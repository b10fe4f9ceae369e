//! A function in the list that has no route attribute.
use cello::prelude::*;

mod area {
    use cello::prelude::*;

    blueprint!("/area", [index]);

    async fn index() -> &'static str {
        "an index"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
