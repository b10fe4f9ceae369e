//! A parameter that is borrowed to be changed.
use cello::prelude::*;

#[get("/report/<name>")]
async fn handler(name: &mut str) -> String {
    name.make_ascii_lowercase();
    name.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
