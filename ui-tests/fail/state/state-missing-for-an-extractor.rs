//! An extractor needs state that the application does not have.
use cello::prelude::*;

struct Sessions(u32);

struct Session(u32);

impl FromRequest for Session {
    type Rejection = Problem;
    type State = (Sessions,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let (sessions,) = cx.state()?;
        Ok(Self(sessions.0))
    }
}

#[derive(AppState)]
struct Services {
    users: u32,
}

#[get("/session")]
async fn session(session: Session) -> String {
    session.0.to_string()
}

fn main() -> cello::Result<()> {
    App::new(routes![session]).state(Services { users: 2 }).run("127.0.0.1:8000")
}
