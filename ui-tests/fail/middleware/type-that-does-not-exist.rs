//! A middleware by a type that does not exist.
// rustc's own: cannot find type
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(Stamp::new()).run("127.0.0.1:8000")
}
