//! The trait of what can be answered by its name in actix-web.
use cello::prelude::*;

#[get("/")]
async fn index() -> impl Responder {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
