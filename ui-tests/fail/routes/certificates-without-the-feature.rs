//! TLS where the feature `tls` is off.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).tls("certificate.pem").run("127.0.0.1:8443")
}
