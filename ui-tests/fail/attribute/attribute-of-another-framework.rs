//! An attribute below the route's that Cello does not have.
// rustc's own: cannot find attribute `content_type`
use cello::prelude::*;

#[get("/")]
#[content_type("text/plain")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
