//! Parameters and body marked as such before the arguments.
// mistakes: 2
use cello::prelude::*;

#[put("/users/<id>")]
async fn rename(#[path] id: u64, #[body] name: String) -> String {
    format!("{id} is {name}")
}

fn main() -> cello::Result<()> {
    App::new(routes![rename]).run("127.0.0.1:8000")
}
