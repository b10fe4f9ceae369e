//! A function that is wrapped first, as axum and actix-web have it.
use cello::middleware::from_fn;
use cello::prelude::*;

async fn require_token(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(from_fn(require_token)).run("127.0.0.1:8000")
}
