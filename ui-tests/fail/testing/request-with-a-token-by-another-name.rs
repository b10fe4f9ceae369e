//! A test that gives a token by a method of other test clients.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() {
    let client = TestClient::new(App::new(routes![index]));
    let response = client.get("/").bearer_auth("a1b2").send();
    assert_eq!(response.status(), 200);
}
