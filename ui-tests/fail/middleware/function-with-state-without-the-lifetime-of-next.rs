//! A middleware function with shared state, at a route, that writes `Next` without `<'_>`.
use cello::prelude::*;

struct Stamps(HeaderValue);

#[derive(AppState)]
struct Services {
    stamps: Stamps,
}

async fn stamp(request: Request, next: Next, stamps: &Stamps) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-stamp", stamps.0.clone());
    response
}

#[get("/", with(stamp as StateFn<(Stamps,)>))]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    let stamps = Stamps(HeaderValue::from_static("yes"));
    App::new(routes![index]).state(Services { stamps }).run("127.0.0.1:8000")
}
