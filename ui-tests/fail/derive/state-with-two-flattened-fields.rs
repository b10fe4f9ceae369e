//! Two fields whose contents could overlap.
use cello::prelude::*;

#[derive(AppState)]
struct Users {
    users: u32,
}

#[derive(AppState)]
struct Products {
    products: u64,
}

#[derive(AppState)]
struct Services {
    #[state(flatten)]
    users: Users,
    #[state(flatten)]
    products: Products,
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: Users { users: 2 }, products: Products { products: 3 } }).run("127.0.0.1:8000")
}
