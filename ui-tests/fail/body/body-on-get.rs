//! A body on `GET`: a forgotten query parameter.
use cello::prelude::*;

#[get("/report")]
async fn handler(title: String) -> String {
    title
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
