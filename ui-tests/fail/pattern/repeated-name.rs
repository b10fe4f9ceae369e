//! One name for two segments.
use cello::prelude::*;

#[get("/items/<id>/parts/<id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
