//! Requests counted by the value of a field, as the request has it.
use std::time::Duration;

use cello::middleware::rate_limit::{Key, Limit};
use cello::prelude::*;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    let by_token = Key::of(|request| request.headers().get("x-token").cloned());
    let limit = Limit::token_bucket(10, Duration::from_secs(1)).by(by_token);
    App::new(routes![index]).with(RateLimit::new(limit)).run("127.0.0.1:8000")
}
