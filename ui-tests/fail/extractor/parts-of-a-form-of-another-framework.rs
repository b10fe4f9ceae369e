//! A form with files, as axum and actix-web have it.
use cello::prelude::*;

#[post("/images")]
async fn keep(form: Multipart) -> StatusCode {
    drop(form);
    StatusCode::CREATED
}

fn main() -> cello::Result<()> {
    App::new(routes![keep]).run("127.0.0.1:8000")
}
