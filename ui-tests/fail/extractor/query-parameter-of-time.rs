//! A query parameter as a duration.
use cello::prelude::*;

#[get("/wait?<time>")]
async fn wait(time: std::time::Duration) -> String {
    format!("{time:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![wait]).run("127.0.0.1:8000")
}
