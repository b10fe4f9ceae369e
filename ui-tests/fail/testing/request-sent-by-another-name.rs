//! A test that sends its request as in Rocket.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() {
    let client = TestClient::new(App::new(routes![index]));
    let response = client.get("/").dispatch();
    assert_eq!(response.status(), 200);
}
