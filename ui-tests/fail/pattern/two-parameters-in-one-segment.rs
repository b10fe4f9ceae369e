//! Two parameters between two slashes.
use cello::prelude::*;

#[get("/items/<name>.<extension>")]
async fn item(name: &str, extension: &str) -> String {
    format!("{name} {extension}")
}

fn main() {
    let _ = App::new(routes![item]);
}
