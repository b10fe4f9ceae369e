//! An optional number that no pattern names.
use cello::prelude::*;

#[get("/report")]
async fn report(page: Option<u32>) -> String {
    format!("{page:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
