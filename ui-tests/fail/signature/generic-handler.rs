//! A handler with a type parameter.
use cello::prelude::*;

#[get("/report")]
async fn handler<T: AsRef<str> + Send + Sync + 'static>(name: State<T>) -> String {
    name.as_ref().to_owned()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
