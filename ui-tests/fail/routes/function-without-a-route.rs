//! A function without a route attribute.
// rustc's own: cannot find module or crate `about`
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

async fn about() -> &'static str {
    "about"
}

fn main() -> cello::Result<()> {
    App::new(routes![index, about]).run("127.0.0.1:8000")
}
