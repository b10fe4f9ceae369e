//! A rest parameter that is not a whole segment.
use cello::prelude::*;

#[get("/files/<path..>.txt")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() {
    let _ = App::new(routes![item]);
}
