//! The target of a request and the methods that go with it (RFC 9112, sections 3 and 3.2; RFC 9110, section 9).
#![forbid(unsafe_code)]

use behaviour::{Client, Fate, Raw, serve};
use cello::prelude::*;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[get("/query")]
async fn query(uri: &Uri) -> String {
    uri.query().unwrap_or("none").to_owned()
}

#[any("/any")]
async fn any(method: &Method) -> String {
    method.to_string()
}

fn raw() -> Raw {
    Raw(serve(App::new(routes![hello, query, any])))
}

fn line(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: test\r\n\r\n")
}

#[test]
fn origin_form_and_absolute_form_are_taken() {
    raw().good(
        [
            "GET /",
            "GET /?a=b",
            "GET http://test/",
            "GET HTTP://test/",
            "GET https://test/",
            "GET http://test",
            "GET http://test:80/query?x=1",
        ]
        .map(line),
    );
    let reply = Client::connect(raw().0).send(line("GET http://test/query?a=b")).reply();
    assert_eq!(reply.text(), "a=b");
}

#[test]
fn other_forms_are_refused() {
    raw().bad(
        [
            "GET test",
            "GET test:80",
            "GET *",
            "POST *",
            "GET ftp://test/",
            "GET http://",
            "GET http:///",
            "GET http://user@test/",
            "GET http://user:pass@test/",
            "GET http://te st/",
            "GET http://test:x/",
            "GET http://test:70000/",
            "GET file:///etc/passwd",
            "OPTIONS test",
            "GET ?a=b",
            "GET #a",
            "GET \\",
        ]
        .map(line),
    );
}

#[test]
fn options_of_the_whole_server_is_answered() {
    let mut client = Client::connect(raw().0);
    let reply = client.send(line("OPTIONS *")).reply();
    assert_eq!((reply.status, reply.header("allow")), (204, Some("OPTIONS")));
    assert_eq!(reply.header("content-length"), None);
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn connect_is_not_implemented_and_what_follows_is_no_request() {
    let follows = "GET /any HTTP/1.1\r\nHost: test\r\n\r\n";
    raw().all(["CONNECT test:80", "CONNECT /any", "CONNECT test"].map(line), 501, Fate::Closed);
    raw().all(["CONNECT test:80"].map(|target| line(target) + follows), 501, Fate::Closed);
}

#[test]
fn trace_is_refused_where_no_handler_asks_for_it() {
    let mut client = Client::connect(raw().0);
    let reply = client.send(line("TRACE /")).reply();
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    assert_eq!(client.fate(), Fate::Open);
    raw().all([line("TRACE /nowhere")], 404, Fate::Open);
    // It has no content (RFC 9110, section 9.3.8).
    let body = "TRACE /any HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nab";
    raw().bad([body]);
}

#[test]
fn a_method_that_nobody_knows_is_not_implemented_however_long_it_is() {
    raw().all(
        ["BREW", "get", "G", &"X".repeat(10_000)].map(|method| line(&format!("{method} /"))),
        501,
        Fate::Open,
    );
    let mut client = Client::connect(raw().0);
    let reply = client.send(line(&format!("{} /", "X".repeat(10_000)))).reply();
    assert!(reply.body.len() < 500, "{} bytes", reply.body.len());
}
