//! A guard that is not imported.
// rustc's own: cannot find type `Admin`
use cello::prelude::*;

#[cello::blueprint("/area", guard(Admin))]
mod area {
    use cello::prelude::*;

    #[get("/")]
    async fn index() -> &'static str {
        "the area"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![area]).run("127.0.0.1:8000")
}
