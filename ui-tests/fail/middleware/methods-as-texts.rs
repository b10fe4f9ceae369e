//! The methods that pages may use, as texts.
use cello::prelude::*;

fn main() -> cello::Result<()> {
    let pages = Cors::new().allow_origin("https://app.example").allow_methods(["GET", "PUT"]);
    App::new(routes![]).with(pages).run("127.0.0.1:8000")
}
