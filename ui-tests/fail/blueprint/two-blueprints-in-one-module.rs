//! Two `blueprint!` in one module.
use cello::prelude::*;

mod users {
    use cello::prelude::*;

    blueprint!("/users", [list]);
    blueprint!("/people", [person]);

    #[get("/")]
    pub async fn list() -> &'static str {
        "ann, bob"
    }

    #[get("/ann")]
    pub async fn person() -> &'static str {
        "ann"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).run("127.0.0.1:8000")
}
