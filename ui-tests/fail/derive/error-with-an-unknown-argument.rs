//! A slip in an argument of the whole error.
use cello::prelude::*;
use cello::HttpError;

#[derive(Debug, HttpError)]
#[http_error(rendr = page)]
enum Error {
    /// User not found
    #[status(404)]
    NotFound,
}

fn page(problem: &Problem) -> Html<String> {
    Html(format!("{problem:?}"))
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error::NotFound)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
