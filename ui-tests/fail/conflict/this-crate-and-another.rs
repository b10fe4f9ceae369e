//! A handler of this crate answers a request that one of another crate answers.
use cello::prelude::*;

#[get("/products/<number>")]
async fn product(number: u32) -> String {
    number.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![catalogue::products, product]).run("127.0.0.1:8000")
}
