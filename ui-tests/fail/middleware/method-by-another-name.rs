//! A middleware whose method is called as that of a service of tower.
// rustc's own: is not a member of trait
use cello::prelude::*;

struct Stamp;

impl Middleware for Stamp {
    async fn call(&self, request: Request, next: Next<'_>) -> Response {
        next.run(request).await
    }
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(Stamp).run("127.0.0.1:8000")
}
