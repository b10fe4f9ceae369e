//! `#[from]` on one of two fields.
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug, HttpError)]
enum Error {
    /// The number is malformed
    #[status(400)]
    Malformed(#[from] std::num::ParseIntError, u32),
    /// User not found
    #[status(404)]
    NotFound,
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
