//! TLS by the names of two files, where the feature `tls` is off.
// rustc's own: this method takes 1 argument
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).tls("certificate.pem", "key.pem").run("127.0.0.1:8443")
}
