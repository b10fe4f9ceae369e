//! Two types of answer in one handler.
// rustc's own: `if` and `else` have incompatible types
use cello::prelude::*;

#[get("/users/<id>")]
async fn user(id: u32) -> impl IntoResponse {
    if id == 0 { StatusCode::NOT_FOUND } else { Json(id) }
}

fn main() -> cello::Result<()> {
    App::new(routes![user]).run("127.0.0.1:8000")
}
