//! A name of two words.
use cello::prelude::*;

#[get("/items/<item id>")]
async fn item(item_id: u64) -> String {
    format!("{item_id}")
}

fn main() {
    let _ = App::new(routes![item]);
}
