//! A rest parameter with no name.
use cello::prelude::*;

#[get("/files/<..>")]
async fn item() -> &'static str {
    "an item"
}

fn main() {
    let _ = App::new(routes![item]);
}
