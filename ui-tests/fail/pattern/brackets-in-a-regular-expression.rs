//! A regular expression for a parameter, as actix-web takes it.
use cello::prelude::*;

#[get("/items/{id:\\d+}")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
