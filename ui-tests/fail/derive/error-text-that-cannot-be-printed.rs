//! A text with a field that has no text.
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug)]
struct Id(u64);

#[derive(Debug, HttpError)]
enum Error {
    #[status(404)]
    #[detail("there is no user {id}")]
    NotFound { id: Id },
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound { id: Id(3) })
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
