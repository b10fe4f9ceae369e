//! A type that is neither a handler nor a blueprint.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

struct About;

fn main() -> cello::Result<()> {
    App::new(routes![index, About]).run("127.0.0.1:8000")
}
