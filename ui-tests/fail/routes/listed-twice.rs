//! One handler, twice.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes![index, index]).run("127.0.0.1:8000")
}
