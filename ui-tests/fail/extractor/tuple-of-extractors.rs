//! Two extractors in one argument.
use cello::prelude::*;

#[post("/")]
async fn index((names, headers): (Json<Vec<String>>, HeaderMap)) -> String {
    format!("{names:?} {headers:?}")
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
