//! Dependencies in the attribute, as in FastAPI.
use cello::prelude::*;

#[get("/", dependencies = [signed_in])]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
