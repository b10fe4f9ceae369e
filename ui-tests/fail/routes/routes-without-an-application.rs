//! A test client that is given routes.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() {
    let client = TestClient::new(routes![index]);
    assert_eq!(client.get("/").send().status(), 200);
}
