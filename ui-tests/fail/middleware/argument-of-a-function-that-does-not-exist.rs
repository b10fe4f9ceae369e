//! A middleware function with a slip in the name of a type.
// rustc's own: cannot find type
use cello::prelude::*;

async fn stamp(request: Requst, next: Next<'_>) -> Response {
    next.run(request).await
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(stamp).run("127.0.0.1:8000")
}
