//! Problems: the JSON of RFC 9457, and how an application shows them otherwise.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use http::request::Parts;

#[get("/users/<id>")]
async fn user(id: u8) -> Result<String, Problem> {
    if id == 1 { Ok("one".to_owned()) } else { Err(taken()) }
}

#[post("/users")]
async fn add(_new: Json<Vec<u8>>) -> StatusCode {
    StatusCode::CREATED
}

#[get("/plain")]
async fn plain() -> (StatusCode, &'static str) {
    (StatusCode::BAD_REQUEST, "no problem, just a status")
}

#[get("/panics")]
async fn panics() -> &'static str {
    panic!("the reason")
}

#[get("/masked")]
async fn masked() -> Problem {
    Problem::new(StatusCode::FORBIDDEN)
}

#[get("/scoped", with(tired))]
async fn scoped() -> &'static str {
    "never"
}

async fn tired(_: Request, _: Next<'_>) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("9"))
}

fn taken() -> Problem {
    Problem::new(StatusCode::CONFLICT)
        .with_type("https://example.org/taken")
        .with_title("Taken")
        .with_detail("the name is taken")
        .with_instance("/users/7/1")
        .with_error("is taken", "#/name")
        .with_error("is too short", "#/name")
        .with_member("hint", "try another")
        .with_member("status", 200)
        .with_header(HeaderName::from_static("x-hint"), HeaderValue::from_static("other"))
}

/// Refuses what asks to be refused, and notes what it sees of problems.
async fn gate(request: Request, next: Next<'_>) -> Response {
    if request.headers().contains_key("x-refuse") {
        return Problem::new(StatusCode::UNAUTHORIZED)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            .into_response();
    }
    let mut response = next.run(request).await;
    let seen = response.extensions().get::<Problem>().map(|problem| problem.status().as_u16().into());
    response.headers_mut().insert("x-seen", seen.unwrap_or(HeaderValue::from_static("none")));
    response
}

fn page(problem: &Problem, parts: &Parts) -> Response {
    let detail = problem.detail().unwrap_or_default();
    let text = format!("<h1>{}</h1>{} {} {detail}", problem.title(), parts.method, parts.uri);
    match problem.status() {
        // What is forbidden does not exist.
        StatusCode::FORBIDDEN => (StatusCode::NOT_FOUND, Html("nothing here")).into_response(),
        _ if parts.headers.contains_key("x-panic") => panic!("the page cannot be made"),
        _ => Html(text).into_response(),
    }
}

fn bare() -> TestClient {
    TestClient::new(App::new(routes![user, add, plain, panics, masked, scoped]).with(gate))
}

fn rendered() -> TestClient {
    TestClient::new(
        App::new(routes![user, add, plain, panics, masked, scoped])
            .with(gate)
            .render_errors(page)
            .enable_cors(),
    )
}

fn row(response: &TestResponse) -> (u16, Option<&str>, &str) {
    (response.status().as_u16(), response.header("content-type"), response.text())
}

#[test]
fn a_problem_is_json_with_its_members_in_order() {
    let response = bare().get("/users/7").send();
    assert_eq!(
        response.text(),
        r##"{"type":"https://example.org/taken","title":"Taken","status":409,"detail":"the name is taken","instance":"/users/7/1","errors":[{"detail":"is taken","pointer":"#/name"},{"detail":"is too short","pointer":"#/name"}],"hint":"try another"}"##
    );
    assert_eq!(response.status(), 409);
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    assert_eq!(response.header("x-hint"), Some("other"));
}

#[test]
fn every_error_of_the_framework_is_a_problem_and_middleware_sees_it() {
    let client = bare();
    for (response, status) in [
        (client.get("/users/1").send(), 200),
        (client.get("/users/7").send(), 409),
        (client.get("/users/x").send(), 400),
        (client.get("/users/%").send(), 400),
        (client.get("/nothing").send(), 404),
        (client.delete("/users/1").send(), 405),
        (client.request(Method::from_bytes(b"BREW").unwrap(), "/users/1").send(), 501),
        (client.post("/users").send(), 415),
        (client.get("/panics").send(), 500),
        (client.get("/scoped").send(), 503),
    ] {
        assert_eq!(response.status(), status);
        let seen = if status < 400 { "none".to_owned() } else { status.to_string() };
        assert_eq!(response.header("x-seen"), Some(&*seen));
        if status >= 400 {
            assert_eq!(response.header("content-type"), Some("application/problem+json"));
            let json: serde_json::Value = response.json();
            assert_eq!(json["status"], status);
            assert!(json["title"].is_string());
        }
    }
}

#[test]
fn a_path_in_a_message_is_shortened_and_harmless() {
    let response = bare().get(format!("/{}", "x".repeat(1000))).send();
    assert!(response.bytes().len() < 300);
}

#[test]
fn the_hook_shows_every_problem_wherever_it_was_made() {
    let client = rendered();
    let html = Some("text/html; charset=utf-8");
    for (response, status, text) in [
        (client.get("/users/7").send(), 409, "<h1>Taken</h1>GET /users/7 the name is taken"),
        (
            client.get("/users/x?y").send(),
            400,
            "<h1>Bad Request</h1>GET /users/x?y path parameter `id` should be an integer from 0 to 255, not `x`",
        ),
        (client.get("/nothing").send(), 404, "<h1>Not Found</h1>GET /nothing there is nothing at `/nothing`"),
        (
            client.put("/users").send(),
            405,
            "<h1>Method Not Allowed</h1>PUT /users `/users` takes POST, OPTIONS, not PUT",
        ),
        (client.get("/panics").send(), 500, "<h1>Internal Server Error</h1>GET /panics "),
        (client.get("/scoped").send(), 503, "<h1>Service Unavailable</h1>GET /scoped "),
        (client.get("/users/1").header("x-refuse", "").send(), 401, "<h1>Unauthorized</h1>GET /users/1 "),
        (client.get("/masked").send(), 404, "nothing here"),
    ] {
        assert_eq!(row(&response), (status, html, text));
    }
    // What is no problem is left alone.
    assert_eq!(client.get("/plain").send().text(), "no problem, just a status");
    assert_eq!(client.get("/users/1").send().text(), "one");
}

#[test]
fn the_hook_keeps_the_headers_of_problem_and_stack() {
    let client = rendered();
    for (response, name, value) in [
        (client.put("/users").send(), "allow", "POST, OPTIONS"),
        (client.get("/users/7").send(), "x-hint", "other"),
        (client.get("/users/7").send(), "x-seen", "409"),
        (client.get("/users/7").header("x-refuse", "").send(), "www-authenticate", "Bearer"),
        (client.get("/scoped").send(), "retry-after", "9"),
        (
            client.get("/nothing").header("origin", "https://a.example").send(),
            "access-control-allow-origin",
            "*",
        ),
    ] {
        assert_eq!(response.header(name), Some(value));
        assert_eq!(response.headers().get_all(name).iter().count(), 1);
    }
}

#[test]
fn a_rendered_problem_has_the_length_of_its_own_body() {
    let head = rendered().head("/nothing").send();
    let get = rendered().get("/nothing").send();
    // The method stands in the page.
    assert_eq!(head.header("content-length"), Some(&*(get.bytes().len() + 1).to_string()));
}

#[test]
fn a_hook_that_panics_costs_one_answer() {
    let client = rendered();
    for _ in 0..2 {
        let response = client.get("/nothing").header("x-panic", "").send();
        assert_eq!(response.status(), 500);
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        let refused = client.get("/nothing").header("x-panic", "").header("x-refuse", "").send();
        assert_eq!(refused.status(), 500);
    }
    assert_eq!(client.get("/nothing").send().status(), 404);
}
