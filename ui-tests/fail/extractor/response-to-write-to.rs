//! A response to write to, as in Go.
use cello::prelude::*;

#[get("/")]
async fn index(response: &mut Response) {
    *response.status_mut() = StatusCode::ACCEPTED;
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
