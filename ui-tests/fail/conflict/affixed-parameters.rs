//! Two parameters with one suffix.
use cello::prelude::*;

#[get("/files/<name>.json")]
async fn file(name: &str) -> String {
    name.to_owned()
}

#[get("/files/<id>.json")]
async fn listing(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![file, listing]).run("127.0.0.1:8000")
}
