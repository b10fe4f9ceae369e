//! A tuple whose body stands before the tag.
use cello::prelude::*;

#[get("/notes/<id>")]
async fn note(id: u64) -> (String, ETag) {
    (format!("note {id}"), ETag::strong(id))
}

fn main() -> cello::Result<()> {
    App::new(routes![note]).run("127.0.0.1:8000")
}
