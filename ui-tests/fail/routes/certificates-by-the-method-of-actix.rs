//! TLS by a method of actix-web.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).bind_rustls("127.0.0.1:8443", ()).run("127.0.0.1:8443")
}
