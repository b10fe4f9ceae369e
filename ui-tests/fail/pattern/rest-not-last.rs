//! A rest parameter with something behind it.
use cello::prelude::*;

#[get("/files/<path..>/raw")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() {
    let _ = App::new(routes![item]);
}
