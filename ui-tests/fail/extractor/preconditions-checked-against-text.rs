//! Preconditions checked against a text, which is no tag.
use cello::prelude::*;

#[put("/notes/<id>")]
async fn replace(id: u64, preconditions: Preconditions, text: String) -> Result<String, Problem> {
    preconditions.check(format!("v{id}"))?;
    Ok(text)
}

fn main() -> cello::Result<()> {
    App::new(routes![replace]).run("127.0.0.1:8000")
}
