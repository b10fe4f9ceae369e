//! A test that reads the answer into a type which serde cannot read.
use cello::prelude::*;
use cello::testing::TestClient;

#[derive(serde::Serialize)]
struct User {
    name: String,
}

#[get("/users/ada")]
async fn ada() -> Json<User> {
    Json(User { name: "ada".to_owned() })
}

fn main() {
    let client = TestClient::new(App::new(routes![ada]));
    let user: User = client.get("/users/ada").send().json();
    assert_eq!(user.name, "ada");
}
