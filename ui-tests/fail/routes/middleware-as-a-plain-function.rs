//! A middleware function that is not `async`.
use cello::prelude::*;

fn quick(request: Request, next: Next<'_>) -> Response {
    drop((request, next));
    StatusCode::OK.into_response()
}

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

fn main() -> cello::Result<()> {
    let app = App::new(routes![index]).with(quick);
    assert_eq!(app.route_metas().len(), 1);
    Ok(())
}
