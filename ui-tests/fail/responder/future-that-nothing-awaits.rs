//! A handler without `async` that gives a future.
use cello::prelude::*;

async fn title() -> String {
    "a report".to_owned()
}

#[get("/report")]
fn report() -> impl Future<Output = String> {
    title()
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
