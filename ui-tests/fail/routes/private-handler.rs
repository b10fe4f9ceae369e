//! A handler that its module keeps to itself.
// rustc's own: struct `about` is private
use cello::prelude::*;

mod pages {
    use super::*;

    #[get("/about")]
    async fn about() -> &'static str {
        "about"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![pages::about]).run("127.0.0.1:8000")
}
