//! A test that has the response assert something, as other test clients do.
use cello::prelude::*;
use cello::testing::TestClient;

#[get("/")]
async fn index() -> &'static str {
    "welcome"
}

fn main() {
    let client = TestClient::new(App::new(routes![index]));
    let response = client.get("/").send();
    response.assert_status(200);
}
