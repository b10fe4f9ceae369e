//! A boxed error as the error of a handler.
use cello::prelude::*;

#[get("/report")]
async fn report() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok("3".parse::<u32>()?.to_string())
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
