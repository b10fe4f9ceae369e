//! A rest parameter as a `PathBuf`.
use cello::prelude::*;

#[get("/files/<path..>")]
async fn file(path: std::path::PathBuf) -> String {
    path.display().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![file]).run("127.0.0.1:8000")
}
