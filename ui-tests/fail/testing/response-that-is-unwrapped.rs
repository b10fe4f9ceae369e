//! The response of a test unwrapped, as other clients give a `Result`.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() {
    let client = TestClient::new(App::new(routes![index]));
    let response = client.get("/").send().unwrap();
    assert_eq!(response.status(), 200);
}
