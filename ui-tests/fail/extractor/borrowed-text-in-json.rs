//! JSON that would borrow its text.
use cello::prelude::*;

#[post("/titles")]
async fn titles(titles: Json<Vec<&str>>) -> String {
    titles.join(", ")
}

fn main() -> cello::Result<()> {
    App::new(routes![titles]).run("127.0.0.1:8000")
}
