//! A crate that renames Cello in its `Cargo.toml`; the crate is `support/renamed`.
use cello::testing::TestClient;

fn main() {
    let client = TestClient::new(renamed::app());
    assert_eq!(client.get("/people/anna?loud=true").send().text(), "HELLO, ANNA");
    assert_eq!(client.get("/people/nobody").send().status(), 404);
    assert_eq!(client.post("/listed").body("b").send().text(), "b");
}
