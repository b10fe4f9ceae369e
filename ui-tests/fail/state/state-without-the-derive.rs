//! A struct as state, without `#[derive(AppState)]`.
use cello::prelude::*;

struct Services {
    users: u32,
}

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    let services = Services { users: 2 };
    assert_eq!(services.users, 2);
    App::new(routes![index]).state(services).run("127.0.0.1:8000")
}
