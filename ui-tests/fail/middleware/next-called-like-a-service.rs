//! A middleware that calls what comes next as actix-web, poem and tower do.
use cello::prelude::*;

async fn stamp(request: Request, next: Next<'_>) -> Response {
    next.call(request).await
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(stamp).run("127.0.0.1:8000")
}
