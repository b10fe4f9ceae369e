//! An escape of a letter that needs none.
use cello::prelude::*;

#[get("/%69tems")]
async fn item() -> &'static str {
    "an item"
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
