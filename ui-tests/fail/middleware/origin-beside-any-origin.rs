//! An origin that is allowed by name where all are.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    let cors = Cors::default().allow_origin("https://app.example");
    App::new(routes![index]).with(cors).run("127.0.0.1:8000")
}
