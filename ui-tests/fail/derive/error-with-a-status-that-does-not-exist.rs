//! An error with a status outside of all ranges.
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug, HttpError)]
enum Error {
    /// User not found
    #[status(4040)]
    NotFound,
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
