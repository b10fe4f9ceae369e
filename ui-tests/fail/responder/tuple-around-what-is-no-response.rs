//! A status before what is no response.
use cello::prelude::*;

struct Report;

#[get("/report")]
async fn report() -> (StatusCode, Report) {
    (StatusCode::CREATED, Report)
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
