//! A module that another crate does not have.
// rustc's own: cannot find `prices` in `catalogue`
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes![index, catalogue::prices]).run("127.0.0.1:8000")
}
