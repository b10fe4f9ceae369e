//! A content security policy as text.

use cello::prelude::*;

#[get("/")]
async fn page() -> Html<&'static str> {
    Html("<h1>hello</h1>")
}

fn app() -> impl Application {
    App::new(routes![page]).with(SecurityHeaders::default().csp("default-src 'self'"))
}

fn main() {
    app();
}
