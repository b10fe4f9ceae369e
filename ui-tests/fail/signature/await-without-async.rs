//! An `.await` in a handler that is not `async`.
// rustc's own: `await` is only allowed inside `async`
use cello::prelude::*;

async fn title() -> String {
    "a report".to_owned()
}

#[get("/report")]
fn handler() -> String {
    title().await
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
