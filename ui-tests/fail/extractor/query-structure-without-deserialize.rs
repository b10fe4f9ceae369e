//! A structure for the whole query, without `Deserialize`.
use cello::prelude::*;

struct Filter {
    page: u32,
}

#[get("/report?<filter..>")]
async fn handler(filter: Filter) -> String {
    filter.page.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
