//! One origin where a list of them is taken.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    App::new(routes![]).with(Cors::new().allow_origins("https://app.example")).run("127.0.0.1:8000")
}
