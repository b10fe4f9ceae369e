//! Types and traits of one's own that have the names of those of other frameworks.
use cello::prelude::*;
use cello::testing::TestClient;

/// The agent of a request.
struct HttpRequest(String);

impl FromRequest for HttpRequest {
    type Rejection = Problem;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let agent = cx.headers().get("user-agent").and_then(|agent| agent.to_str().ok());
        Ok(Self(agent.unwrap_or("nobody").to_owned()))
    }
}

mod injected {
    use cello::prelude::*;

    pub struct Depends<T>(pub T);

    impl<T: Default + Send> FromRequest for Depends<T> {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self(T::default()))
        }
    }

    pub struct Extension<T>(pub T);

    impl<T: Default + Send> FromRequest for Extension<T> {
        type Rejection = Problem;
        type State = ();

        async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
            Ok(Self(T::default()))
        }
    }
}

use injected::Depends;

trait Responder: IntoResponse {}

impl Responder for &'static str {}

#[get("/agent")]
async fn agent(request: HttpRequest) -> String {
    request.0
}

#[get("/number")]
async fn number(Depends(number): Depends<u32>, other: injected::Extension<u32>) -> String {
    format!("{number} {}", other.0)
}

#[get("/hello")]
async fn hello() -> impl Responder {
    "hello"
}

fn main() {
    let client = TestClient::new(App::new(routes![agent, number, hello]));
    assert_eq!(client.get("/agent").header("user-agent", "curl").send().text(), "curl");
    assert_eq!(client.get("/number").send().text(), "0 0");
    assert_eq!(client.get("/hello").send().text(), "hello");
}
