//! Three pairs of handlers, told in one message.
use cello::prelude::*;

#[get("/a")]
async fn a() -> &'static str {
    "a"
}

#[get("/a")]
async fn also_a() -> &'static str {
    "a"
}

#[get("/b/<x>")]
async fn b(x: u8) -> String {
    x.to_string()
}

#[any("/b/<y>")]
async fn also_b(y: u8) -> String {
    y.to_string()
}

#[any("/b/<z>")]
async fn another_b(z: u8) -> String {
    z.to_string()
}

#[head("/c")]
async fn c() -> StatusCode {
    StatusCode::OK
}

#[head("/c")]
async fn also_c() -> StatusCode {
    StatusCode::OK
}

fn main() -> cello::Result<()> {
    App::new(routes![a, also_a, b, also_b, another_b, c, also_c]).run("127.0.0.1:8000")
}
