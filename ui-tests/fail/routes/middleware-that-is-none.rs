//! Something in `.with(...)` that is no middleware.
use cello::prelude::*;

struct Quick;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    let app = App::new(routes![index]).with(Quick);
    assert_eq!(app.route_metas().len(), 1);
    Ok(())
}
