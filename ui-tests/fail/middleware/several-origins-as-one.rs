//! A list of origins where one is expected.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index])
        .with(Cors::new().allow_origin(["https://app.example", "https://admin.example"]))
        .run("127.0.0.1:8000")
}
