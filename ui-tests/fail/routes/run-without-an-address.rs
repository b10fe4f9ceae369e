//! An application that is not told where to listen.
// rustc's own: takes 1 argument but 0 arguments were supplied
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run()
}
