//! An error type that is no response.
use cello::prelude::*;

#[get("/report")]
async fn handler() -> Result<String, std::num::ParseIntError> {
    let page: u32 = "3".parse()?;
    Ok(page.to_string())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
