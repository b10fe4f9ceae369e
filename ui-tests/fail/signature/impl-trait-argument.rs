//! An argument of any type that has a trait.
use cello::prelude::*;

#[get("/report/<name>")]
async fn handler(name: impl AsRef<str> + Send) -> String {
    name.as_ref().to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
