//! A status as a number.
use cello::prelude::*;

#[get("/report")]
async fn report() -> (u16, String) {
    (201, "a report".to_owned())
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).run("127.0.0.1:8000")
}
