//! Two states for one application.
use cello::prelude::*;

#[derive(AppState)]
struct Users {
    count: u32,
}

#[derive(AppState)]
struct Products {
    count: u64,
}

#[get("/")]
async fn users(count: &u32) -> String {
    count.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![users]).state(Users { count: 2 }).state(Products { count: 3 }).run("127.0.0.1:8000")
}
