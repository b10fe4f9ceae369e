//! The rest of a path in the spelling of routes that are files.
use cello::prelude::*;

#[get("/files/[...path]")]
async fn index(path: String) -> String {
    path
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
