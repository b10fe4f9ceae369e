//! A request of a test asked for what its response has.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

fn main() {
    let client = TestClient::new(App::new(routes![index]));
    assert_eq!(client.get("/").status(), 200);
}
