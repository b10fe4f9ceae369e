//! An extractor of the whole query that the pattern names.
use cello::prelude::*;

#[derive(serde::Deserialize)]
struct Filter {
    page: u32,
}

#[get("/?<filter>")]
async fn index(filter: Query<Filter>) -> String {
    filter.page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
