//! A flattened field that provides nothing.
use cello::prelude::*;

struct Products {
    products: u64,
}

#[derive(AppState)]
struct Services {
    users: u32,
    #[state(flatten)]
    products: Products,
}

#[get("/")]
async fn users(users: &u32) -> String {
    users.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Services { users: 2, products: Products { products: 3 } }).run("127.0.0.1:8000")
}
