//! A link to a handler whose pattern is malformed.
use cello::prelude::*;

#[get("/users/{id}/posts/:slug")]
async fn post(id: u32, slug: &str) -> String {
    format!("{id} {slug}")
}

#[get("/")]
async fn index() -> String {
    post::path(3, "welcome").to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index, post]).run("127.0.0.1:8000")
}
