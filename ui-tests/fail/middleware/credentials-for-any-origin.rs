//! Cookies allowed to the pages of every origin.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() {
    let cors = Cors::default().allow_credentials();
    let _ = App::new(routes![index]).with(cors);
}
