//! The whole request where its parts are meant.
use cello::prelude::*;

#[get("/")]
async fn index(request: Request) -> String {
    request.uri().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
