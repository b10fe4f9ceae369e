//! The request as something to change.
use cello::prelude::*;

#[post("/", body)]
async fn index(request: &mut Request) -> String {
    request.uri().to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
