//! A query parameter with a default, as a function's argument has it elsewhere.
// mistakes: 2
use cello::prelude::*;

#[get("/items?<page=1>")]
async fn items(page: u32) -> String {
    format!("{page}")
}

// A path has no default: what stands there is there.
#[get("/lists/<id=1>?<page>")]
async fn lists(id: u32, page: Option<u32>) -> String {
    format!("{id} {page:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![items, lists]).run("127.0.0.1:8000")
}
