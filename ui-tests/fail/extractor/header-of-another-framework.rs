//! A header field as axum-extra gives it.
use cello::extract::UserAgent;
use cello::prelude::*;

#[get("/agent")]
async fn agent(agent: TypedHeader<UserAgent>) -> String {
    agent.0.0.clone()
}

fn main() -> cello::Result<()> {
    App::new(routes![agent]).run("127.0.0.1:8000")
}
