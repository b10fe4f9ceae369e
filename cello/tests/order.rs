//! In which order the arguments of a handler are extracted.

use cello::prelude::*;
use cello::testing::TestClient;

struct Admin;

impl FromRequest for Admin {
    type Rejection = StatusCode;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        if cx.headers().contains_key("x-admin") { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

#[post("/<id>")]
async fn create(new: Json<Vec<u8>>, _admin: Admin, id: u8) -> String {
    format!("{id} {:?}", new.0)
}

#[test]
fn the_body_is_read_last_wherever_its_argument_stands() {
    let client = TestClient::new(App::new(routes![create]));
    let malformed = || client.post("/7").header("content-type", "application/json").body("[");
    assert_eq!(malformed().send().status(), 403);
    assert_eq!(malformed().header("x-admin", "1").send().status(), 400);
    assert_eq!(client.post("/7").header("x-admin", "1").json([1, 2]).send().text(), "7 [1, 2]");
    assert_eq!(client.post("/x").json([1, 2]).send().status(), 400, "parameters come before other arguments");
}

#[get("/token")]
async fn token(token: Header<cello::extract::Authorization<cello::extract::Bearer>>) -> String {
    token.0.0.token().to_owned()
}

#[test]
fn missing_credentials_are_401_with_a_challenge() {
    let client = TestClient::new(App::new(routes![token]));
    let missing = client.get("/token").send();
    assert_eq!((missing.status().as_u16(), missing.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(client.get("/token").header("authorization", "bearer abc").send().text(), "abc");
}

#[test]
fn a_compressed_body_is_refused_with_the_codings_that_are_taken() {
    let client = TestClient::new(App::new(routes![create]));
    let refused =
        client.post("/7").header("x-admin", "1").header("content-encoding", "gzip").json([1]).send();
    assert_eq!((refused.status().as_u16(), refused.header("accept-encoding")), (415, Some("identity")));
}
