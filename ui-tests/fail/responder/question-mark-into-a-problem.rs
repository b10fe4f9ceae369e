//! An error that `?` cannot turn into the handler's.
// rustc's own: `?` couldn't convert the error
use cello::prelude::*;

#[get("/report")]
async fn report() -> Result<String, Problem> {
    Ok(std::fs::read_to_string("report")?)
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
