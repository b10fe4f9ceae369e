//! A type that is called like a handler beside it.
// rustc's own: is defined multiple times
use cello::prelude::*;

enum Status {
    Up,
    Down,
}

#[get("/status?<down>")]
#[allow(non_snake_case)]
async fn Status(down: bool) -> &'static str {
    match if down { self::Status::Down } else { self::Status::Up } {
        self::Status::Up => "up",
        self::Status::Down => "down",
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![Status]).run("127.0.0.1:8000")
}
