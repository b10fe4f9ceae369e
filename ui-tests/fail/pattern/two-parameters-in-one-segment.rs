//! Two parameters between two slashes.
use cello::prelude::*;

#[get("/items/<name>.<extension>")]
async fn item(name: &str, extension: &str) -> String {
    format!("{name} {extension}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
