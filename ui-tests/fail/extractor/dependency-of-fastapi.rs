//! A dependency, as FastAPI takes it.
use cello::prelude::*;

struct Database;

#[get("/")]
async fn index(database: Depends<Database>) -> &'static str {
    let _ = database;
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
