//! A rest parameter with no name.
use cello::prelude::*;

#[get("/files/<..>")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
