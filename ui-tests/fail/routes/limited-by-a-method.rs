//! A limit of bodies for the whole application, by a method.
use cello::prelude::*;

#[post("/")]
async fn keep(text: String) -> String {
    text
}

fn main() -> cello::Result<()> {
    App::new(routes![keep]).body_limit(1024 * 1024).run("127.0.0.1:8000")
}
