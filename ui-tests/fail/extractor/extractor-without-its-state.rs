//! An extractor that does not say what state it needs.
use cello::prelude::*;

struct User;

impl FromRequest for User {
    type Rejection = StatusCode;

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        Ok(Self)
    }
}

#[get("/")]
async fn index(_: User) -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).run("127.0.0.1:8000")
}
