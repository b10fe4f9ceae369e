//! A handler in the list of a blueprint that does not exist.
// rustc's own: cannot find type `indx`
use cello::prelude::*;

mod area {
    use cello::prelude::*;

    blueprint!("/area", [index, indx]);

    #[get("/")]
    async fn index() -> &'static str {
        "the area"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
