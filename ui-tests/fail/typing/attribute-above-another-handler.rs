//! An attribute that is being typed above a handler that has its own.
use cello::prelude::*;

#[cello::blueprint("/users")]
mod users {
    use cello::prelude::*;

    #[post("/")]
    #[get("/")]
    pub async fn list() -> String {
        "users".to_owned()
    }
}

fn main() -> cello::Result<()> {
    println!("{}", users::list::path());
    App::new(routes![users]).run("127.0.0.1:8000")
}
