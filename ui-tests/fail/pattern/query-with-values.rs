//! A query written as a client would send it.
use cello::prelude::*;

#[get("/items?page=<page>")]
async fn item(page: u32) -> String {
    format!("{page}")
}

fn main() {
    let _ = App::new(routes![item]);
}
