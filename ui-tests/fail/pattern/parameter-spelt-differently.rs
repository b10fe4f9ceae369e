//! A parameter and an argument that differ by a letter.
use cello::prelude::*;

#[get("/items/<itm_id>")]
async fn item(item_id: u64) -> String {
    format!("{item_id}")
}

fn main() {
    let _ = App::new(routes![item]);
}
