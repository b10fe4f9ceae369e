//! A file of the standard library, which nobody can read without blocking a thread.
use std::fs::File;

use cello::prelude::*;

#[get("/report")]
async fn report() -> cello::Result<Body> {
    let file = File::open("report.txt")?;
    Ok(Body::from_reader(file))
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
