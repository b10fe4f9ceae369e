//! A handler takes a nonce, and the security headers around it have no policy that would allow it.

use cello::middleware::security_headers::CspNonce;
use cello::prelude::*;

#[get("/")]
async fn page(nonce: CspNonce) -> Html<String> {
    Html(format!("<script nonce=\"{nonce}\">start()</script>"))
}

fn app() -> impl Application {
    App::new(routes![page]).with(SecurityHeaders::api())
}

fn main() {
    app();
}
