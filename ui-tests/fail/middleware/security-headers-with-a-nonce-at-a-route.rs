//! Security headers for one route, whose policy has a nonce: that is part of a type which does not stand there.

use cello::prelude::*;

#[get("/", with(SecurityHeaders::web()))]
async fn page() -> Html<&'static str> {
    Html("<h1>hello</h1>")
}

fn app() -> impl Application {
    App::new(routes![page])
}

fn main() {
    app();
}
