//! Several path parameters taken as one tuple.
use cello::prelude::*;

#[get("/users/<id>/posts/<slug>")]
async fn post(path: web::Path<(u32, String)>) -> String {
    path.1.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![post]).run("127.0.0.1:8000")
}
