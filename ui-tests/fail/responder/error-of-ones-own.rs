//! An error of one's own that is no response.
use cello::prelude::*;

#[derive(Debug)]
struct NotFound;

#[get("/report")]
async fn report() -> Result<String, NotFound> {
    Err(NotFound)
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
