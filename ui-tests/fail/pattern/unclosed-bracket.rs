//! A bracket that is opened and not closed.
use cello::prelude::*;

#[get("/items/<id/parts")]
async fn item(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = App::new(routes![item]);
}
