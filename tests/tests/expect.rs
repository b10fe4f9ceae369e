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
    Raw(serve(App::new(routes![hello, echo, ignore, small, json, hidden])))
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

#[post("/json")]
async fn json(body: Json<String>) -> String {
    body.0
}

#[get("/hidden", body)]
async fn hidden(body: String) -> String {
    body
}

/// The expectation is as if it were not there, so that the rest of the body is thrown away and the connection goes on.
#[test]
fn http_1_0_has_no_expectations_of_a_body_that_is_not_read() {
    for expect in ["", "Expect: 100-continue\r\n", "Expect: other\r\n"] {
        for (path, status) in [("/ignore", 200), ("/small", 413), ("/nowhere", 404)] {
            let mut client = Client::connect(raw().0);
            let head = format!(
                "POST {path} HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n{expect}\r\n"
            );
            let reply = client.send(head + "hello").reply();
            assert_eq!(reply.status, status, "{path}");
            assert_eq!(client.fate(), Fate::Open, "{path} {expect}");
        }
    }
}

#[test]
fn an_empty_body_is_not_waited_for() {
    for path in ["/echo", "/ignore", "/small"] {
        let mut client = Client::connect(raw().0);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"
        );
        let reply = client.send(head).reply();
        assert_eq!((reply.status, reply.closes()), (200, false), "{path}");
        assert_eq!(client.fate(), Fate::Open, "{path}");
    }
}

#[test]
fn what_is_refused_for_its_head_is_not_asked_for() {
    let mut client = Client::connect(raw().0);
    let reply = client.send(head("/json", "100-continue\r\nContent-Type: text/plain")).reply();
    assert_eq!((reply.status, reply.closes()), (415, true));
    assert_eq!(client.fate(), Fate::Closed);
}

#[test]
fn chunks_are_asked_for_too() {
    let mut client = Client::connect(raw().0);
    client.send(
        "POST /small HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n",
    );
    assert_eq!(client.reply().status, 100);
    assert_eq!(client.send("5\r\nhello\r\n").reply().status, 413);
}

#[test]
fn the_same_expectation_twice_is_one() {
    let mut client = Client::connect(raw().0);
    assert_eq!(client.send(head("/echo", "100-continue\r\nExpect: 100-CONTINUE")).reply().status, 100);
    assert_eq!(client.send("hello").reply().text(), "hello");
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn any_method_can_expect() {
    let mut client = Client::connect(raw().0);
    client.send("GET /hidden HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.reply().status, 100);
    assert_eq!(client.send("hello").reply().text(), "hello");
    assert_eq!(client.fate(), Fate::Open);
    let mut client = Client::connect(raw().0);
    client.send("GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    let reply = client.reply();
    assert_eq!((reply.text().as_str(), reply.closes()), ("hello", true));
}
