//! Nothing as an error, which would be sent with the status 200.
use cello::prelude::*;

#[get("/file")]
async fn file() -> Result<String, ()> {
    std::fs::read_to_string("file").map_err(|_| ())
}

fn main() -> cello::Result<()> {
    App::new(routes![file]).run("127.0.0.1:8000")
}
