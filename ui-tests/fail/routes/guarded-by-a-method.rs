//! A guard of the whole application, by a method.
use cello::prelude::*;

struct Admin;

impl FromRequest for Admin {
    type Rejection = StatusCode;
    type State = ();

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

#[get("/")]
async fn index(_admin: Admin) -> &'static str {
    "welcome"
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).guard(Admin).run("127.0.0.1:8000")
}
