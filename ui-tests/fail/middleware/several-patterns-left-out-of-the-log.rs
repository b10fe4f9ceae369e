//! Several routes that are not to be logged, as one list.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    let logging = Logging::new().exclude(["/health/live", "/health/ready"]);
    App::new(routes![cello::health]).with(logging).run("127.0.0.1:8000")
}
