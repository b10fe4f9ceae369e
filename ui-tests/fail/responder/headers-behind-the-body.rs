//! A tuple whose body stands before the header fields.
use cello::prelude::*;

#[get("/report")]
async fn report() -> Result<(StatusCode, String, [(&'static str, &'static str); 1]), Problem> {
    Ok((StatusCode::OK, "a report".to_owned(), [("x-kind", "report")]))
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
