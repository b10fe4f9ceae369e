//! An argument with a default, as in Python.
// rustc's own: parameter defaults are not supported
use cello::prelude::*;

#[get("/?<page>")]
async fn index(page: u32 = 1) -> String {
    page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
