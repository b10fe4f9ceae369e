//! A name that starts with a digit.
use cello::prelude::*;

#[get("/items/<2nd>")]
async fn item(second: u64) -> String {
    format!("{second}")
}

fn main() {
    let _ = App::new(routes![item]);
}
