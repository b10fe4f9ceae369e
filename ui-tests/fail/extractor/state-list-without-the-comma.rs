//! The list of what an extractor needs of the state is one type, without the comma that makes it a list.
use cello::extract::{FromRequest, RequestContext};
use cello::prelude::*;

struct Sessions;

#[derive(AppState)]
struct Services {
    sessions: Sessions,
}

struct User(String);

impl FromRequest for User {
    type Rejection = StatusCode;
    type State = Sessions;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        cx.headers().get("x-user").and_then(|name| name.to_str().ok()).map(|name| User(name.into())).ok_or(StatusCode::UNAUTHORIZED)
    }
}

#[get("/")]
async fn index(user: User) -> String {
    user.0
}

fn main() -> cello::Result<()> {
    App::new(routes![index]).state(Services { sessions: Sessions }).run("127.0.0.1:8000")
}
