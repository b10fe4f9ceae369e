//! A body on `HEAD`.
use cello::prelude::*;

#[head("/report")]
async fn handler(numbers: Json<Vec<u32>>) -> StatusCode {
    if numbers.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK }
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
