//! An optional query parameter of a type that cannot be read.
use cello::prelude::*;

struct Page(u32);

#[get("/report?<page>")]
async fn handler(page: Option<Page>) -> String {
    page.map_or(0, |page| page.0).to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
