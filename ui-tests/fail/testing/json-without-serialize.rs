//! A test that sends a type which serde cannot write.
use cello::prelude::*;
use cello::testing::TestClient;

#[derive(serde::Deserialize)]
struct User {
    name: String,
}

#[post("/users")]
async fn create(user: Json<User>) -> String {
    user.0.name
}

fn main() {
    let client = TestClient::new(App::new(routes![create]));
    let response = client.post("/users").json(&User { name: "ada".to_owned() }).send();
    assert_eq!(response.text(), "ada");
}
