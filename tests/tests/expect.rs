//! `Expect` (RFC 9110, section 10.1.1): `100-continue` is met when the body is wanted, others are refused.
#![forbid(unsafe_code)]

use behaviour::{Client, Fate, Raw, serve};
use cello::prelude::*;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

#[post("/small", body_limit = 4)]
async fn small(body: Bytes) -> Bytes {
    body
}

fn raw() -> Raw {
    Raw(serve(App::new(routes![hello, echo, ignore, small])))
}

fn head(path: &str, expect: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: {expect}\r\n\r\n")
}

#[test]
fn a_body_that_is_wanted_is_asked_for() {
    for expect in ["100-continue", "100-Continue"] {
        let mut client = Client::connect(raw().0);
        let reply = client.send(head("/echo", expect)).reply();
        assert_eq!((reply.status, reply.head.as_str()), (100, ""));
        assert_eq!(client.send("hello").reply().text(), "hello");
        assert_eq!(client.fate(), Fate::Open);
    }
}

#[test]
fn a_body_that_has_come_need_not_be_asked_for() {
    let mut client = Client::connect(raw().0);
    client.send(head("/echo", "100-continue") + "hello");
    let reply = client.reply();
    let reply = if reply.status == 100 { client.reply() } else { reply };
    assert_eq!(reply.text(), "hello");
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn a_body_that_nobody_wants_is_not_asked_for() {
    for (path, status) in [("/ignore", 200), ("/small", 413), ("/nowhere", 404)] {
        let mut client = Client::connect(raw().0);
        let reply = client.send(head(path, "100-continue")).reply();
        assert_eq!((reply.status, reply.closes()), (status, true), "{path}");
        assert_eq!(client.fate(), Fate::Closed, "{path}");
    }
}

#[test]
fn another_expectation_is_refused() {
    raw().all(
        ["200-ok", "100-continue, other", "100-continue; q=1", "", "100"]
            .map(|expect| head("/echo", expect) + "hello"),
        417,
        Fate::Closed,
    );
    let twice = head("/echo", "other\r\nExpect: 100-continue") + "hello";
    let bodiless = "GET / HTTP/1.1\r\nHost: test\r\nExpect: other\r\n\r\n".to_owned();
    raw().all([twice, bodiless], 417, Fate::Closed);
}

#[test]
fn an_expectation_without_a_body_is_passed_over() {
    raw().good(["GET / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n\r\n"]);
}

#[test]
fn http_1_0_has_no_expectations() {
    let head = "POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n";
    raw().good([
        format!("{head}Expect: 100-continue\r\n\r\nhello"),
        format!("{head}Expect: other\r\n\r\nhello"),
    ]);
}
