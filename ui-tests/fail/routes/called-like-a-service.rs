//! A test that calls the application as one of axum does.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() {
    let request = Request::new(Body::empty());
    let response = App::new(routes![index]).oneshot(request);
    drop(response);
}
