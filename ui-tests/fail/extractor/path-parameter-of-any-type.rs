//! A parameter type that cannot be read from a path.
use cello::prelude::*;

struct Page(u32);

#[get("/report/<page>")]
async fn handler(page: Page) -> String {
    page.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
