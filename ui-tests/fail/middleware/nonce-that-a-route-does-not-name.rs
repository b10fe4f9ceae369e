//! Security headers for one route, whose policy has a nonce, and a handler that takes it: the type does not stand there.

use cello::middleware::security_headers::CspNonce;
use cello::prelude::*;

#[get("/", with(SecurityHeaders::web()))]
async fn page(nonce: CspNonce) -> Html<String> {
    Html(format!("<script nonce=\"{nonce}\">start()</script>"))
}

fn app() -> impl Application {
    App::new(routes![page])
}

fn main() {
    app();
}
