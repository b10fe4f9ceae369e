//! A tuple in the wrong order.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> (String, StatusCode) {
    ("a report".to_owned(), StatusCode::OK)
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
