//! A handler for what no route answers, as axum has it.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "nothing here")
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).fallback(not_found).run("127.0.0.1:8000")
}
