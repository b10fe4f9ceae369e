//! An answer of a type in which another is not imported.
// rustc's own: cannot find type
use cello::prelude::*;

#[get("/counts")]
async fn counts() -> Json<BTreeMap<String, u64>> {
    Json([("users".to_owned(), 2)].into())
}

fn main() -> cello::Result<()> {
    App::new(routes![counts]).run("127.0.0.1:8000")
}
