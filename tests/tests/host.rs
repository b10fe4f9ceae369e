//! `Host` (RFC 9112, section 3.2): exactly one, and a valid one.
#![forbid(unsafe_code)]

use behaviour::{Client, Fate, Raw, serve};
use cello::prelude::*;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

/// The host that the request is for.
#[get("/host")]
async fn host(headers: &HeaderMap) -> String {
    headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("none").to_owned()
}

fn raw() -> Raw {
    Raw(serve(App::new(routes![hello, host])))
}

fn with(fields: &str) -> String {
    format!("GET / HTTP/1.1\r\n{fields}\r\n")
}

#[test]
fn a_valid_host_is_taken() {
    raw().good(
        ["test", "test:80", "test:", "127.0.0.1:8000", "[::1]:8000", "a-b_c.d~e", "%41", "TEST", "  test  "]
            .map(|host| with(&format!("Host: {host}\r\n"))),
    );
}

#[test]
fn http_1_1_without_a_host_is_refused() {
    raw().bad([with(""), with("X-Host: test\r\n")]);
}

#[test]
fn more_than_one_host_is_refused() {
    raw().bad([with("Host: test\r\nHost: test\r\n"), with("Host: a\r\nX-Other: 1\r\nhost: b\r\n")]);
    let two = "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n";
    raw().bad([two]);
}

#[test]
fn an_invalid_host_is_refused() {
    raw().bad(
        [
            "",
            "a b",
            "a/b",
            "a?b",
            "a#b",
            "user@test",
            "test:port",
            "test:80:80",
            "test:70000",
            ":80",
            "[::1",
            "::1",
            "[::g]",
            "http://test",
            "%zz",
            "a\"b",
            "a<b",
            "\u{e9}",
            "a\\b",
            "test:+80",
        ]
        .map(|host| with(&format!("Host: {host}\r\n"))),
    );
}

#[test]
fn http_1_0_may_lack_it() {
    let keep = "Connection: keep-alive\r\n";
    raw().good([
        format!("GET / HTTP/1.0\r\n{keep}\r\n"),
        format!("GET / HTTP/1.0\r\nHost: test\r\n{keep}\r\n"),
    ]);
    raw().bad([format!("GET / HTTP/1.0\r\nHost: a b\r\n{keep}\r\n")]);
    raw().all(["GET / HTTP/1.0\r\n\r\n"], 200, Fate::Closed);
}

#[test]
fn the_target_in_absolute_form_stands_over_the_field() {
    let mut client = Client::connect(raw().0);
    let reply = client.send("GET http://target:81/host HTTP/1.1\r\nHost: field\r\n\r\n").reply();
    assert_eq!((reply.status, reply.text().as_str()), (200, "target:81"));
    // The field is still asked for, and must be valid.
    raw().bad([
        "GET http://target/ HTTP/1.1\r\n\r\n",
        "GET http://target/ HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET http://target/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    ]);
}

#[test]
fn the_refusal_says_what_is_wrong_and_that_it_closes() {
    let mut client = Client::connect(raw().0);
    let reply = client.send(with("")).reply();
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert!(reply.closes() && reply.text().contains("the request has no `Host`"), "{reply:?}");
}
