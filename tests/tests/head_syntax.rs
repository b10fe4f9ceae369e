//! Heads that are none (RFC 9112, sections 2, 3 and 5): refused with 400, and the connection closed.
#![forbid(unsafe_code)]

use behaviour::{Client, Fate, Raw, serve};
use cello::prelude::*;

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

fn raw() -> Raw {
    Raw(serve(App::new(routes![hello])))
}

fn with(field: &[u8]) -> Vec<u8> {
    [b"GET / HTTP/1.1\r\nHost: test\r\n", field, b"\r\n\r\n"].concat()
}

#[test]
fn line_folding_is_refused() {
    raw().bad([&b"X-Folded: a\r\n b"[..], b"X-Folded: a\r\n\tb", b"X-Folded:\r\n b"].map(with));
    raw().bad(["GET / HTTP/1.1\r\n Host: test\r\n\r\n", "GET / HTTP/1.1\r\n\tX: 1\r\nHost: test\r\n\r\n"]);
}

#[test]
fn a_bare_carriage_return_is_refused() {
    raw().bad([&b"X: a\rb"[..], b"X: \ra", b"X\r: a", b"X: a\r\r"].map(with));
    raw().bad(["GET /\r HTTP/1.1\r\nHost: test\r\n\r\n", "GET / HTTP/1.1\rHost: test\r\n\r\n"]);
}

#[test]
fn nul_and_other_control_characters_are_refused() {
    raw().bad([&b"X: a\0b"[..], b"X\0: a", b"X: \x01", b"X: a\x7f", b"X: a\x0bb", b"X: a\x0cb"].map(with));
    raw().bad(["GET /\0 HTTP/1.1\r\nHost: test\r\n\r\n", "G\0T / HTTP/1.1\r\nHost: test\r\n\r\n"]);
}

#[test]
fn a_field_name_that_is_no_token_is_refused() {
    raw().bad(
        [&b"X : a"[..], b"X\t: a", b": a", b"X", b"X Y: a", b"X(: a", b"X\xe9: a", b"X\x80: a", b" X: a"]
            .map(with),
    );
}

#[test]
fn a_request_line_that_is_none_is_refused() {
    raw().bad(
        [
            "GET\r\n",
            "GET /\r\n",
            "GET  / HTTP/1.1\r\n",
            "GET /  HTTP/1.1\r\n",
            " GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1 \r\n",
            "GET / http/1.1\r\n",
            "GET / HTTP/1.\r\n",
            "GET / HTTP/1.10\r\n",
            "GET / HTTP/2.0\r\n",
            "GET / HTTP/0.9\r\n",
            "GET / HTTP\r\n",
            "GET a b HTTP/1.1\r\n",
            "G@T / HTTP/1.1\r\n",
            "GET\t/\tHTTP/1.1\r\n",
            "/ HTTP/1.1\r\n",
            "GET / HTTPS/1.1\r\n",
        ]
        .map(|line| format!("{line}Host: test\r\n\r\n")),
    );
}

#[test]
fn empty_lines_before_a_request_are_passed_over() {
    raw().good(["\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n"]);
}

#[test]
fn what_may_stand_in_a_field_is_taken() {
    raw().good(
        [&b"X:a"[..], b"X:", b"X: \t a \t ", b"X: \xe9\xff", b"!#$%&'*+-.^_`|~09aZ: 1", b"X: a\tb"].map(with),
    );
}

#[test]
fn a_line_may_end_with_a_line_feed_alone() {
    // RFC 9112, section 2.2, leaves it to the recipient.
    raw().good(["GET / HTTP/1.1\nHost: test\n\n"]);
}

#[test]
fn bytes_that_are_no_http_get_no_second_answer() {
    for bytes in
        [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"\xff\xff\xff\xff\r\n\r\n", b"{}\r\n\r\n"]
    {
        let mut client = Client::connect(raw().0);
        client.send(bytes);
        assert_eq!(client.reply().status, 400, "{}", bytes.escape_ascii());
        assert_eq!(client.fate(), Fate::Closed);
    }
}
