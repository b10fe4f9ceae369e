//! The argument that names the body in another framework.
use cello::prelude::*;

#[post("/numbers", data = "<numbers>")]
async fn numbers(numbers: Json<Vec<u32>>) -> String {
    format!("{numbers:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
