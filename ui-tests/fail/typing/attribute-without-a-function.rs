//! An attribute at the end of a module, with nothing below it.
// rustc's own: expected item after attributes
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use cello::prelude::*;

    #[get("/")]
    pub async fn list() -> String {
        "users".to_owned()
    }

    #[get("/<id>")]
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
