//! A query that stops in the middle.
use cello::prelude::*;

#[get("/items?<page>&")]
async fn item(page: u32) -> String {
    format!("{page}")
}

fn main() {
    let _ = App::new(routes![item]);
}
