//! A prefix with a name, as in FastAPI and Flask.
use cello::prelude::*;

#[cello::blueprint(prefix = "/numbers")]
mod numbers {
    use super::*;

    #[get("/")]
    async fn list() -> &'static str {
        "1, 2, 3"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![numbers]).run("127.0.0.1:8000")
}
