//! The request by its name in actix-web.
use cello::prelude::*;

#[get("/agent")]
async fn agent(request: HttpRequest) -> String {
    format!("{:?}", request.headers().get("user-agent"))
}

fn main() -> cello::Result<()> {
    App::new(routes![agent]).run("127.0.0.1:8000")
}
