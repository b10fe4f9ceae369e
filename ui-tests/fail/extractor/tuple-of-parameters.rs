//! Path parameters taken as a tuple.
use cello::prelude::*;

#[get("/users/<id>/posts/<slug>")]
async fn post(id_and_slug: (u32, String)) -> String {
    id_and_slug.1
}

fn main() -> cello::Result<()> {
    App::new(routes![post]).run("127.0.0.1:8000")
}
