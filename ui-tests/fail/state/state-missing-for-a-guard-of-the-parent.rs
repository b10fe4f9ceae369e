//! The guard of a blueprint in another module needs state that the application does not have.
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

#[cello::blueprint("/members", guard(Session))]
mod members {
    use super::*;
}

#[cello::blueprint("/profile", parent = crate::members)]
mod profile {
    use super::*;

    #[get("/")]
    async fn latest() -> &'static str {
        "a profile"
    }
}

fn main() -> cello::Result<()> {
    App::new(routes![profile]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
