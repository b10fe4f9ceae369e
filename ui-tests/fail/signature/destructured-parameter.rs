//! A parameter that is taken apart where it is named.
use cello::prelude::*;

#[get("/report/<name>")]
async fn handler(name @ _: String) -> String {
    name
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
