//! A parameter with a colon, as Express and older axum write it.
use cello::prelude::*;

#[get("/items/:id")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
