//! An error that is a union.
use cello::prelude::*;
use cello::HttpError;

#[derive(HttpError)]
union Error {
    number: u32,
    sign: i32,
}

#[get("/")]
async fn handler() -> Result<String, Error> {
    Err(Error { number: 3 })
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
