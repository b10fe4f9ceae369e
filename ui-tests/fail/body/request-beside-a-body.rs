//! The whole request and its body.
use cello::prelude::*;

#[post("/report")]
async fn handler(request: Request, report: String) -> String {
    format!("{} {report}", request.uri())
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
