//! An application that is served as axum serves one.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

async fn start() -> cello::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:8000")?;
    cello::serve(listener, App::new(routes![index])).await
}

fn main() {
    drop(start());
}
