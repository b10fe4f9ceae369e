//! Two middleware functions in brackets.
use cello::prelude::*;

async fn require_token(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

async fn count(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

#[get("/", with([require_token, count]))]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
