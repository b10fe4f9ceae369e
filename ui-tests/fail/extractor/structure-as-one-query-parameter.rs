//! A structure for the whole query, without the dots behind its name.
use cello::prelude::*;

#[derive(serde::Deserialize)]
struct Filter {
    tag: String,
}

#[get("/items?<filter>")]
async fn items(filter: Filter) -> String {
    filter.tag
}

fn main() -> cello::Result<()> {
    App::new(routes![items]).run("127.0.0.1:8000")
}
