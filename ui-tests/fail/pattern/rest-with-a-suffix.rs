//! A rest parameter that is not a whole segment.
use cello::prelude::*;

#[get("/files/<path..>.txt")]
async fn item(path: &str) -> String {
    format!("{path}")
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
