//! `Html` without the type of its content.
// rustc's own: missing generics for struct `cello::Html`
use cello::prelude::*;

#[get("/")]
async fn index() -> Html {
    Html("<h1>hello</h1>")
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
