//! Three mistakes in one handler.
// mistakes: 3
use cello::prelude::*;

#[get("/report/<name>/<page>", blocking)]
async fn handler(name: &mut str) -> String {
    name.to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
