//! A parameter in the spelling of routes that are files.
use cello::prelude::*;

#[get("/items/[id]")]
async fn index(id: u32) -> String {
    id.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
