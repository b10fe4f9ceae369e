//! A converter before the name, as Flask writes it.
use cello::prelude::*;

#[get("/items/<int:id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![item]).run("127.0.0.1:8000")
}
