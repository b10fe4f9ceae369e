//! Two handlers that differ in their queries only.
use cello::prelude::*;

#[get("/users?<name>")]
async fn by_name(name: &str) -> String {
    name.to_owned()
}

#[get("/users?<page>")]
async fn by_page(page: u32) -> String {
    page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![by_name, by_page]).run("127.0.0.1:8000")
}
