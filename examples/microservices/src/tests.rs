//! The wire contract of the application, request by request.

use cello::testing::TestClient;
use serde_json::{Value, json};

use super::*;

fn client() -> TestClient {
    TestClient::new(app(&Config::default()))
}

#[track_caller]
fn get(client: &TestClient, target: &str) -> Value {
    let response = client.get(target).send();
    assert_eq!(response.status(), 200, "{target}: {}", response.text());
    assert_eq!(response.header("content-type"), Some("application/json"));
    response.json()
}

/// The refusal of the framework: problem+json of this status. Gives its detail.
#[track_caller]
fn refused(response: &cello::testing::TestResponse, status: u16) -> String {
    assert_eq!(response.status(), status, "{}", response.text());
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    response.text().to_owned()
}

#[test]
fn the_index_names_the_services() {
    let expected = r#"{"name":"Cello Microservices","services":[{"name":"users","base_url":"/api/v1/users"},{"name":"products","base_url":"/api/v1/products"}],"health":"/health"}"#;
    assert_eq!(client().get("/").send().text(), expected);
}

#[test]
fn health_is_reported() {
    let client = client();
    assert_eq!(client.get("/health/live").send().text(), r#"{"status":"alive"}"#);
    let ready = r#"{"status":"ready","services":{"user_service":{"status":"up","users":2},"product_service":{"status":"up","products":2}}}"#;
    assert_eq!(client.get("/health/ready").send().text(), ready);
    for target in ["/health", "/health/"] {
        let mut report = get(&client, target);
        let uptime = report["uptime_seconds"].take();
        assert!(uptime.as_f64().is_some_and(|seconds| (0.0..60.0).contains(&seconds)), "{uptime}");
        let expected = json!({
            "status": "healthy",
            "uptime_seconds": null,
            "services": {
                "user_service": { "status": "up", "total_users": 2, "active_users": 2 },
                "product_service": { "status": "up", "total_products": 2, "total_stock": 1049 },
            },
        });
        assert_eq!(report, expected);
    }
}

#[test]
fn users_are_listed_and_fetched() {
    let client = client();
    let all = r#"{"users":[{"id":"1","name":"Alice","email":"alice@example.com","active":true},{"id":"2","name":"Bob","email":"bob@example.com","active":true}],"count":2}"#;
    assert_eq!(client.get("/api/v1/users").send().text(), all);
    assert_eq!(client.get("/api/v1/users/").send().text(), all);
    let alice = r#"{"id":"1","name":"Alice","email":"alice@example.com","active":true}"#;
    assert_eq!(client.get("/api/v1/users/1").send().text(), alice);
    let unknown = client.get("/api/v1/users/9").send();
    assert_eq!((unknown.status().as_u16(), unknown.text()), (404, r#"{"error":"User not found"}"#));
}

#[test]
fn a_user_is_created() {
    let client = client();
    let new = json!({ "name": "Charlie", "email": "charlie@example.com" });
    let created = client.post("/api/v1/users").json(&new).send();
    assert_eq!(created.status(), 201);
    assert_eq!(created.header("location"), Some("/api/v1/users/3"));
    let charlie = json!({ "id": "3", "name": "Charlie", "email": "charlie@example.com", "active": true });
    assert_eq!(created.json::<Value>(), charlie);
    assert_eq!(get(&client, "/api/v1/users/3"), charlie);
    assert_eq!(get(&client, "/health/ready")["services"]["user_service"]["users"], 3);
}

#[test]
fn a_user_is_deactivated() {
    let client = client();
    let deleted = client.delete("/api/v1/users/1").send();
    assert_eq!((deleted.status().as_u16(), deleted.text()), (200, r#"{"deactivated":true}"#));
    assert_eq!(get(&client, "/api/v1/users/1")["active"], false);
    assert_eq!(get(&client, "/api/v1/users?active=true")["count"], 1);
    assert_eq!(get(&client, "/api/v1/users")["count"], 2);
    assert_eq!(get(&client, "/health")["services"]["user_service"]["active_users"], 1);
    let unknown = client.delete("/api/v1/users/9").send();
    assert_eq!((unknown.status().as_u16(), unknown.text()), (404, r#"{"error":"User not found"}"#));
}

#[test]
fn products_are_listed_by_price() {
    let client = client();
    let all = r#"{"products":[{"id":"1","name":"Cello Framework License","price":0.0,"stock":999},{"id":"2","name":"Premium Support","price":99.0,"stock":50}],"count":2}"#;
    assert_eq!(client.get("/api/v1/products").send().text(), all);
    let count = |query: &str| get(&client, &format!("/api/v1/products?{query}"))["count"].clone();
    assert_eq!(count("max_price=50"), 1);
    assert_eq!(count("min_price=99"), 1, "inclusive");
    assert_eq!(count("max_price=0"), 1, "inclusive");
    assert_eq!(count("min_price=1&max_price=98.5"), 0);
}

#[test]
fn who_has_the_list_of_products_need_not_get_it_again() {
    let client = client();
    let list = client.get("/api/v1/products").send();
    let tag = list.header("etag").expect("a tag").to_owned();
    let again = || client.get("/api/v1/products").header("if-none-match", &tag).send();
    assert_eq!((again().status().as_u16(), again().text()), (304, ""));
    client.post("/api/v1/products").json(json!({ "name": "Training" })).send();
    assert_eq!(again().status(), 200);
    let other = client.get("/api/v1/products/1").send();
    assert_eq!(other.header("etag"), None, "the middleware is that of one route");
}

#[test]
fn a_product_is_fetched_and_created() {
    let client = client();
    let license = r#"{"id":"1","name":"Cello Framework License","price":0.0,"stock":999}"#;
    assert_eq!(client.get("/api/v1/products/1").send().text(), license);
    let unknown = client.get("/api/v1/products/9").send();
    assert_eq!((unknown.status().as_u16(), unknown.text()), (404, r#"{"error":"Product not found"}"#));
    let created = client.post("/api/v1/products").json(json!({ "name": "Training" })).send();
    assert_eq!(created.status(), 201);
    assert_eq!(created.header("location"), Some("/api/v1/products/3"));
    assert_eq!(created.text(), r#"{"id":"3","name":"Training","price":0.0,"stock":0}"#);
}

#[test]
fn what_is_refused_says_why_and_is_not_stored() {
    let client = client();
    let post = |body: &str| {
        client.post("/api/v1/users").header("content-type", "application/json").body(body.to_owned())
    };
    assert!(refused(&post(r#"{"name": "#).send(), 400).contains("line 1 column 9"));
    assert!(refused(&post(r#"{"email": "x@example.com"}"#).send(), 422).contains(r##""pointer":"#/name""##));
    assert!(refused(&client.post("/api/v1/users").body("name=x").send(), 415).contains("application/json"));
    let typed = client.post("/api/v1/users").header("content-type", "text/plain").body("{}");
    assert!(refused(&typed.send(), 415).contains("text/plain"));
    refused(&post(&format!(r#"{{"name":"{}","email":""}}"#, "x".repeat(3 << 20))).send(), 413);
    assert!(refused(&client.get("/api/v1/products?max_price=abc").send(), 400).contains("max_price"));
    assert!(refused(&client.get("/api/v1/users/alice").send(), 400).contains("`id`"));
    refused(&client.get("/api/v1/nothing").send(), 404);
    let patched = client.patch("/api/v1/users/1").send();
    refused(&patched, 405);
    assert_eq!(patched.header("allow"), Some("GET, HEAD, DELETE, OPTIONS"));
    assert_eq!(get(&client, "/api/v1/users")["count"], 2);
}

#[test]
fn a_test_can_bring_its_own_state() {
    let config = Config::default();
    let client = TestClient::builder(app(&config)).state(UserStore::empty()).build();
    assert_eq!(get(&client, "/api/v1/users"), json!({ "users": [], "count": 0 }));
}
