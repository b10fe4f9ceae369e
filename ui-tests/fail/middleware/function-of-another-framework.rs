//! A middleware made by a function that another framework has.
// rustc's own: cannot find function
use cello::prelude::*;

async fn quick(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(cello::middleware::wrap_fn(quick)).run("127.0.0.1:8000")
}
