//! What a client wants to hold before anything changes, by reference and optional.
use cello::prelude::*;

#[put("/notes/<id>")]
async fn replace(id: u64, preconditions: Option<&Preconditions>, text: String) -> String {
    format!("{id}: {preconditions:?}: {text}")
}

fn main() -> cello::Result<()> {
    App::new(routes![replace]).run("127.0.0.1:8000")
}
