//! More extractors than a handler can take.
use cello::prelude::*;

#[get("/report")]
async fn handler(
    a: Method, b: Method, c: Method, d: Method, e: Method, f: Method, g: Method, h: Method, i: Method, j: Method, k: Method,
    l: Method, m: Method,
) -> String {
    [a, b, c, d, e, f, g, h, i, j, k, l, m].map(|method| method.to_string()).join(" ")
}

fn main() -> cello::Result<()> {
    App::new(routes![handler]).run("127.0.0.1:8000")
}
