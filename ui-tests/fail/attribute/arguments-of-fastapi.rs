//! What FastAPI says in its decorator.
// mistakes: 2
use cello::prelude::*;

#[get("/", response_model = String, status_code = 201)]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
