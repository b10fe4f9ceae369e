//! A name that is a keyword of Rust.
use cello::prelude::*;

#[get("/items/<type>")]
async fn item(kind: u64) -> String {
    format!("{kind}")
}

fn main() {
    let _ = App::new(routes![item]);
}
