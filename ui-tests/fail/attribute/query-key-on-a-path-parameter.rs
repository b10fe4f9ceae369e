//! A query key for a parameter that stands in the path.
use cello::prelude::*;

#[get("/report/<page>")]
async fn handler(#[query("page")] page: u32) -> String {
    page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
