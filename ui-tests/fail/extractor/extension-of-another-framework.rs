//! An extension taken as axum does it.
use cello::prelude::*;

struct CurrentUser(String);

#[get("/me")]
async fn me(Extension(user): Extension<CurrentUser>) -> String {
    user.0
}

fn main() -> cello::Result<()> {
    App::new(routes![me]).run("127.0.0.1:8000")
}
