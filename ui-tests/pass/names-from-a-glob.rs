//! State that is called like an extractor, from another crate's prelude, and an extractor in a module that is called like a crate.
use cello::prelude::{App, AppState, get, routes};
use cello::testing::TestClient;
use warehouse::prelude::*;

mod http {
    use cello::prelude::*;

    /// The agent of a request.
    pub struct HttpRequest(pub String);

    impl FromRequest for HttpRequest {
        type Rejection = Problem;
        type State = ();

        async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            let agent = cx.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
            Ok(Self(agent.unwrap_or("nobody").to_owned()))
        }
    }
}

#[derive(AppState)]
struct Services {
    state: State,
}

#[get("/")]
async fn index(state: &State, request: http::HttpRequest) -> String {
    format!("{} for {}", state.0, request.0)
}

fn main() {
    let client = TestClient::new(App::new(routes![index]).state(Services { state: State(7) }));
    assert_eq!(client.get("/").header("user-agent", "curl").send().text(), "7 for curl");
}
