//! A handler whose module is left out.
use cello::prelude::*;

mod pages {
    use super::*;

    #[get("/about")]
    pub async fn about() -> &'static str {
        "about"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![about]).run("127.0.0.1:8000")
}
