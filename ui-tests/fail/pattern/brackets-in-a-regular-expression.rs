//! A regular expression for a parameter, as actix-web takes it.
use cello::prelude::*;

#[get("/items/{id:\\d+}")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
