//! A limit enabled like what has a default.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).enable_rate_limit(10).run("127.0.0.1:8000")
}
