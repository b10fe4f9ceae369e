//! A text with a brace that is not closed.
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug, HttpError)]
enum Error {
    #[status(404)]
    #[detail("there is no user {id")]
    NotFound { id: u64 },
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound { id: 3 })
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
