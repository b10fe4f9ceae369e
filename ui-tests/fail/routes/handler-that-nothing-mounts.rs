//! A handler that nothing mounts, in a program that takes warnings seriously.
// rustc's own: function `about` is never used
#![deny(dead_code)]
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "an index"
}

#[get("/about")]
async fn about() -> &'static str {
    "about"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
