//! One name of a header where a list of them is taken.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    let pages = Cors::new().allow_origin("https://app.example").allow_headers("x-token");
    App::new(routes![]).with(pages).run("127.0.0.1:8000")
}
