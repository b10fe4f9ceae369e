//! A `&str` whose name is not quite that of the parameter.
use cello::prelude::*;

#[get("/report/<title>")]
async fn handler(titel: &str) -> String {
    titel.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
