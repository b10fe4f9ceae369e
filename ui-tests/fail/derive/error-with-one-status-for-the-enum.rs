//! An enum of errors with one status for all.
use cello::prelude::*;

#[derive(Debug, HttpError)]
#[status(400)]
enum OrderError {
    Empty,
    TooLarge,
}

#[post("/orders/<count>")]
async fn order(count: u32) -> Result<NoContent, OrderError> {
    match count {
        0 => Err(OrderError::Empty),
        1..100 => Ok(NoContent),
        _ => Err(OrderError::TooLarge),
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![order]).run("127.0.0.1:8000")
}
