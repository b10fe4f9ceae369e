//! The service alone: its own routes, and nothing of the other service.

use cello::testing::TestClient;

use super::*;

#[test]
fn it_answers_as_it_does_inside_the_microservices_application() {
    let client = TestClient::new(app(&Config::default()));
    assert_eq!(client.get("/health/live").send().text(), r#"{"status":"alive"}"#);
    assert_eq!(client.get("/health/ready").send().text(), r#"{"status":"ready","users":2}"#);
    let list = client.get("/api/v1/users").send();
    assert!(
        list.text().starts_with(r#"{"users":[{"id":"1","name":"#) && list.text().ends_with(r#""count":2}"#)
    );
    assert_eq!(client.get("/api/v1/users/9").send().status(), 404);
    let other = client.get("/api/v1/products").send();
    assert_eq!(other.status(), 404);
}
