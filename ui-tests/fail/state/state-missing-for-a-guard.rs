//! The guard of a blueprint needs state that the application does not have.
use cello::prelude::*;

struct Sessions(u32);

struct Session;

impl FromRequest for Session {
    type Rejection = Problem;
    type State = (Sessions,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let (sessions,) = cx.state()?;
        if sessions.0 > 0 { Ok(Self) } else { Err(Problem::new(StatusCode::UNAUTHORIZED)) }
    }
}

#[derive(AppState)]
struct Services {
    users: u32,
}

#[cello::blueprint("/session", guard(Session))]
mod sessions {
    use super::*;

    #[get("/")]
    async fn latest() -> &'static str {
        "a session"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![sessions]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
