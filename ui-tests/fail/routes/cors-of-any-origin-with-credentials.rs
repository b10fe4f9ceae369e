//! Any origin together with credentials, which browsers refuse.
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).with(Cors::any_origin().allow_credentials()).run("127.0.0.1:8000")
}
