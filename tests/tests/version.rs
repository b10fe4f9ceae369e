//! The version of an answer, and its first line (RFC 9112, sections 2.3 and 4).
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use behaviour::{Client, serve};
use cello::http::Version;
use cello::prelude::*;

#[get("/status/<status>")]
async fn status(status: u16) -> Response {
    let mut response = "content".into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// Its length is not known.
#[get("/stream")]
async fn stream() -> Response {
    Response::new(Body::from_stream(Body::from("hello")))
}

/// Ends its connection.
#[get("/last")]
async fn last() -> ([(&'static str, &'static str); 1], &'static str) {
    ([("connection", "close")], "hello")
}

/// Hands on what another server has said in its own version.
#[get("/handed-on/<version>")]
async fn handed_on(version: u8) -> Response {
    let mut response = "hello".into_response();
    *response.version_mut() = match version {
        9 => Version::HTTP_09,
        10 => Version::HTTP_10,
        20 => Version::HTTP_2,
        _ => Version::HTTP_3,
    };
    response
}

fn answer(request: &str) -> String {
    let mut client = Client::connect(serve(App::new(routes![status, stream, last, handed_on])));
    client.send(request);
    String::from_utf8(client.rest().unwrap()).unwrap()
}

#[test]
fn an_answer_has_the_version_of_the_server() {
    let answer = answer("GET /status/200 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[test]
fn an_answer_that_is_handed_on_has_the_version_of_the_server_too() {
    for version in [9, 10, 20, 30] {
        let path = format!("/handed-on/{version}");
        let new = answer(&format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"));
        assert!(new.starts_with("HTTP/1.1 200 OK\r\n"), "{version}: {new:?}");
        let old =
            answer(&format!("GET {path} HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n"));
        assert!(old.contains("connection: keep-alive\r\n"), "{version}: {old:?}");
    }
}

#[test]
fn a_status_line_has_its_space_without_a_reason() {
    let answer = answer("GET /status/299 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    let line = answer.lines().next().unwrap();
    assert!(line.starts_with("HTTP/1.1 299 "), "{line:?}");
}

#[test]
fn a_client_of_http_1_0_gets_no_chunks() {
    for keep in ["", "Connection: keep-alive\r\n"] {
        let answer = answer(&format!("GET /stream HTTP/1.0\r\n{keep}\r\n"));
        assert!(!answer.to_lowercase().contains("transfer-encoding"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
        assert!(!answer.contains("keep-alive"), "{answer}");
    }
    let chunks = answer("GET /stream HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    assert!(
        chunks.contains("transfer-encoding: chunked\r\n") && chunks.ends_with("\r\n5\r\nhello\r\n0\r\n\r\n"),
        "{chunks}"
    );
}

#[test]
fn a_client_of_http_1_0_is_not_told_to_keep_what_ends() {
    let answer = answer("GET /last HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert!(answer.contains("\r\nconnection: close\r\n") && !answer.contains("keep-alive"), "{answer}");
}
