//! `params(...)` names a parameter of the pattern itself.
use cello::prelude::*;

#[get("/report/<page>", params(page))]
async fn handler(page: u32) -> String {
    page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
