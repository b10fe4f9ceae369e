//! A redirection to a handler, without the `path` that makes its link.
use cello::prelude::*;

#[get("/items/<id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

#[get("/first")]
async fn first() -> Redirect {
    Redirect::see_other(item(1))
}

fn main() -> cello::Result<()> {
    App::new(routes![item, first]).run("127.0.0.1:8000")
}
