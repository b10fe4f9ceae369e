//! Two rest parameters at one place.
use cello::prelude::*;

#[get("/files/<path..>")]
async fn file(path: &str) -> String {
    path.to_owned()
}

#[get("/files/<rest..>")]
async fn listing(rest: &str) -> String {
    rest.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![file, listing]).run("127.0.0.1:8000")
}
