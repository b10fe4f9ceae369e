//! A graceful stop asked for as in axum.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with_graceful_shutdown(std::future::pending::<()>()).run("127.0.0.1:8000")
}
