//! An argument of a type in which another is not imported.
// rustc's own: cannot find type
use cello::prelude::*;

#[post("/users")]
async fn create(user: Json<User>) -> StatusCode {
    println!("{}", user.name);
    StatusCode::CREATED
}

fn main() -> cello::Result<()> {
    App::new(routes![create]).run("127.0.0.1:8000")
}
