//! Three errors with a mistake each.
// mistakes: 3
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug, HttpError)]
enum Error {
    /// User not found
    NotFound,
    /// User gone
    #[status(404, 410)]
    Gone,
    /// The number is malformed
    #[status(99)]
    Malformed,
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
