//! A rank, as another framework has it.
use cello::prelude::*;

#[get("/numbers/<number>", rank = 2)]
async fn number(number: u32) -> String {
    number.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![number]).run("127.0.0.1:8000")
}
