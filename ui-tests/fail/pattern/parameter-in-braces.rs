//! A parameter in braces, as axum and actix-web write it.
use cello::prelude::*;

#[get("/items/{id}")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
