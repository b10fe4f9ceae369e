//! Handlers in a file of their own, for a case that mounts them in the wrong way.
use cello::prelude::*;

#[get("/")]
pub async fn index() -> &'static str {
    "an index"
}
