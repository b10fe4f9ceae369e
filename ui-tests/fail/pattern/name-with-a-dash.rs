//! A name that no argument can have.
use cello::prelude::*;

#[get("/items/<item-id>")]
async fn item(item_id: u64) -> String {
    format!("{item_id}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
