//! A rate limit counts by the user, but no middleware outside it finds out who that is.
use cello::middleware::RateLimitBy;
use cello::prelude::*;

struct User(String);

#[get(
    "/report",
    with(RateLimit::per_minute(1).by_provided(|user: &User| Some(user.0.clone())) as RateLimitBy<User>),
)]
async fn report() -> &'static str {
    "a large one"
}

fn main() -> cello::Result<()> {
    App::new(routes![report]).enable_logging().run("127.0.0.1:8000")
}
