//! An error whose status is written as in Rocket.
use cello::prelude::*;

#[derive(Debug, HttpError)]
enum OrderError {
    #[response(status = 404)]
    NotFound,
}

#[get("/orders/<id>")]
async fn order(id: u32) -> Result<String, OrderError> {
    if id == 7 { Ok("chairs".to_owned()) } else { Err(OrderError::NotFound) }
}

fn main() -> cello::Result<()> {
    App::new(routes![order]).run("127.0.0.1:8000")
}
