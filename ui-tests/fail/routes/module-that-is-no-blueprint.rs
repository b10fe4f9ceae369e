//! A module without a blueprint.
// rustc's own: cannot find function `cello_routes` in module `pages`
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

mod pages {
    use super::*;

    #[get("/about")]
    pub async fn about() -> &'static str {
        "about"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![index, pages]).run("127.0.0.1:8000")
}
