//! A function as the service for what no route answers.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).fallback_service(not_found).run("127.0.0.1:8000")
}
