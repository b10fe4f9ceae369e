//! A middleware function that writes `Next` as axum does, without `<'_>`.
use cello::prelude::*;

async fn stamp(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-stamp", HeaderValue::from_static("yes"));
    response
}

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(stamp).run("127.0.0.1:8000")
}
