//! A converter before the name, as Flask writes it.
use cello::prelude::*;

#[get("/items/<int:id>")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
