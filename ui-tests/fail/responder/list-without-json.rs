//! A list as an answer, not wrapped.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> Vec<String> {
    vec!["a report".to_owned()]
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
