//! A module of its own file, beside which a handler of its name stands.
use cello::prelude::*;

blueprint!("/health", [live]);

#[get("/live")]
async fn live() -> &'static str {
    "alive"
}
