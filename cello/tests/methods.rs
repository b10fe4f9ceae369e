//! Which method reaches which handler, and what is answered when none takes it.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

#[get("/book")]
async fn read_book() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("x-book", "open")], "once upon a time")
}

#[put("/book")]
async fn write_book() -> &'static str {
    "written"
}

#[get("/probe")]
async fn probe() -> &'static str {
    "the whole thing"
}

#[head("/probe")]
async fn probe_head() -> ([(&'static str, &'static str); 1], ()) {
    ([("x-from", "head")], ())
}

#[head("/measured")]
async fn measured_head() -> ([(&'static str, &'static str); 1], ()) {
    ([("content-length", "123456")], ())
}

#[get("/streamed")]
async fn streamed() -> Body {
    Body::from_stream(Pieces(3))
}

struct Pieces(u8);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0 = self.0.saturating_sub(1);
        std::task::Poll::Ready((self.0 > 0).then_some(Ok("piece")))
    }
}

#[any("/echo")]
async fn echo(method: &Method) -> String {
    format!("any {method}")
}

#[get("/echo")]
async fn echo_get() -> &'static str {
    "get"
}

#[options("/manual")]
async fn manual_options() -> (StatusCode, &'static str) {
    (StatusCode::OK, "written by hand")
}

#[route("/both", methods(POST, PATCH))]
async fn both(method: &Method) -> String {
    format!("both {method}")
}

#[route("/cache", methods(PURGE, GET))]
async fn purge(method: &Method) -> String {
    format!("cache {method}")
}

// Three patterns that match `/union/me`.
#[get("/union/me")]
async fn union_me() -> &'static str {
    "me"
}

#[delete("/union/<id>")]
async fn union_id(id: &str) -> String {
    format!("deleted {id}")
}

#[post("/union/<path..>")]
async fn union_rest(path: &str) -> String {
    format!("posted {path}")
}

fn client() -> TestClient {
    TestClient::new(App::new(routes![
        read_book,
        write_book,
        probe,
        probe_head,
        measured_head,
        streamed,
        echo,
        echo_get,
        manual_options,
        both,
        purge,
        union_me,
        union_id,
        union_rest,
    ]))
}

fn ask(client: &TestClient, method: &str, target: &str) -> TestResponse {
    client.request(Method::from_bytes(method.as_bytes()).unwrap(), target).send()
}

#[test]
fn head_is_answered_from_get_with_its_headers_and_without_its_body() {
    let client = client();
    let (get, head) = (client.get("/book").send(), client.head("/book").send());
    assert_eq!(head.status(), get.status());
    assert!(head.bytes().is_empty());
    assert_eq!(head.header("content-length"), Some("16"));
    for (name, value) in get.headers() {
        assert_eq!(head.headers().get(name), Some(value), "{name}");
    }
}

#[test]
fn head_of_a_stream_promises_no_length() {
    let client = client();
    assert_eq!(client.get("/streamed").send().text(), "piecepiece");
    let head = client.head("/streamed").send();
    assert_eq!((head.status().as_u16(), head.header("content-length")), (200, None));
    assert!(head.bytes().is_empty());
}

#[test]
fn head_of_an_error_is_the_head_of_the_error() {
    let client = client();
    let (get, head) = (client.get("/nothing").send(), client.head("/nothing").send());
    assert_eq!(head.status(), 404);
    assert!(head.bytes().is_empty());
    assert_eq!(head.header("content-length"), Some(&*get.bytes().len().to_string()));
    assert_eq!(head.header("content-type"), Some("application/problem+json"));
}

#[test]
fn an_explicit_head_route_goes_before_get() {
    let head = client().head("/probe").send();
    assert_eq!(head.header("x-from"), Some("head"));
}

#[test]
fn an_explicit_head_route_alone_knows_the_length_of_the_body_that_it_does_not_have() {
    let client = client();
    assert_eq!(client.head("/probe").send().header("content-length"), None);
    assert_eq!(client.head("/measured").send().header("content-length"), Some("123456"));
}

#[test]
fn options_is_answered_with_what_is_allowed() {
    for (target, allow) in [
        ("/book", "GET, HEAD, PUT, OPTIONS"),
        ("/book/", "GET, HEAD, PUT, OPTIONS"),
        ("/both", "POST, PATCH, OPTIONS"),
        ("/cache", "GET, HEAD, OPTIONS, PURGE"),
        ("/union/me", "GET, HEAD, POST, DELETE, OPTIONS"),
        ("/union/you", "POST, DELETE, OPTIONS"),
        ("/union/a/b", "POST, OPTIONS"),
    ] {
        let response = client().options(target).send();
        assert_eq!((response.status().as_u16(), response.header("allow")), (204, Some(allow)), "{target}");
        assert!(response.bytes().is_empty());
        assert!(response.header("content-type").is_none() && response.header("content-length").is_none());
    }
}

#[test]
fn options_can_be_written_by_hand() {
    assert_eq!(client().options("/manual").send().text(), "written by hand");
}

#[test]
fn options_of_the_server_and_of_nothing() {
    let client = client();
    assert_eq!(client.options("*").send().status(), 204);
    assert_eq!(client.get("*").send().status(), 404);
    assert_eq!(client.options("/nothing").send().status(), 404);
}

#[test]
fn a_method_that_the_path_does_not_have_is_405_with_one_allow() {
    for (request, allow) in [
        ("DELETE /book", "GET, HEAD, PUT, OPTIONS"),
        ("GET /both", "POST, PATCH, OPTIONS"),
        ("HEAD /both", "POST, PATCH, OPTIONS"),
        ("PUT /union/me", "GET, HEAD, POST, DELETE, OPTIONS"),
        ("PURGE /book", "GET, HEAD, PUT, OPTIONS"),
        ("TRACE /book", "GET, HEAD, PUT, OPTIONS"),
        ("GET /manual", "OPTIONS"),
        ("GET /measured", "HEAD, OPTIONS"),
    ] {
        let (method, target) = request.split_once(' ').unwrap();
        let response = ask(&client(), method, target);
        assert_eq!(response.status(), 405, "{request}");
        let all: Vec<_> = response.headers().get_all("allow").iter().collect();
        assert_eq!(all, [allow], "{request}");
        if method != "HEAD" {
            let problem: serde_json::Value = response.json();
            assert_eq!(problem["detail"], format!("`{target}` takes {allow}, not {method}"));
        }
    }
}

#[test]
fn a_method_that_nobody_knows_is_501() {
    for target in ["/book", "/nothing", "/union/me", "*"] {
        for method in ["BREW", "get", "X-Y"] {
            let response = ask(&client(), method, target);
            assert_eq!(response.status(), 501, "{method} {target}");
            assert_eq!(response.problem().unwrap().status(), 501);
        }
    }
    // Somebody knows it, if not for this path.
    assert_eq!(ask(&client(), "PURGE", "/nothing").status(), 404);
}

#[test]
fn any_takes_what_has_no_handler_of_its_own() {
    let client = client();
    for (method, text) in
        [("GET", "get"), ("POST", "any POST"), ("BREW", "any BREW"), ("OPTIONS", "any OPTIONS")]
    {
        assert_eq!(ask(&client, method, "/echo").text(), text);
    }
    assert_eq!(client.head("/echo").send().header("content-length"), Some("3"));
}

#[test]
fn one_handler_takes_several_methods_and_extension_methods() {
    let client = client();
    for (request, text) in [
        ("POST /both", "both POST"),
        ("PATCH /both", "both PATCH"),
        ("PURGE /cache", "cache PURGE"),
        ("GET /cache", "cache GET"),
    ] {
        let (method, target) = request.split_once(' ').unwrap();
        assert_eq!(ask(&client, method, target).text(), text);
    }
}

#[test]
fn a_method_leads_back_to_the_pattern_that_takes_it() {
    let client = client();
    assert_eq!(client.get("/union/me").send().text(), "me");
    assert_eq!(client.delete("/union/me").send().text(), "deleted me");
    assert_eq!(client.post("/union/me").send().text(), "posted me");
}
