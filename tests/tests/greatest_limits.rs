//! Each limit may be as great as its type allows: whoever wants none says so.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;
use std::time::Duration;

use behaviour::{Client, H2, serve};
use cello::prelude::*;

#[post("/echo")]
async fn echo(body: String) -> String {
    body
}

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

fn serve_within(limits: Limits) -> SocketAddr {
    serve(App::new(routes![echo, hello]).limits(limits))
}

fn greatest() -> Limits {
    Limits::default()
        .body(usize::MAX)
        .json(usize::MAX)
        .form(usize::MAX)
        .header_bytes(usize::MAX)
        .target(usize::MAX)
        .header_fields(usize::MAX)
        .first_byte(Duration::MAX)
        .header_read(Duration::MAX)
        .idle(Duration::MAX)
        .body_rate(usize::MAX)
        .body_grace(Duration::MAX)
        .handler(Duration::MAX)
        .write_stall(Duration::MAX)
        .connections(usize::MAX)
        .connections_per_address(usize::MAX)
        .http2_streams(usize::MAX)
        .http2_resets(usize::MAX)
        .http2_keep_alive(Duration::MAX)
        .tls_handshake(Duration::MAX)
        .half_close(Duration::MAX)
        .drain_delay(Duration::MAX)
        .grace(Duration::MAX)
}

#[test]
fn requests_are_answered() {
    let mut client = Client::connect(serve_within(greatest()));
    assert_eq!(client.get("/").text(), "hello");
    client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc");
    assert_eq!(client.reply().text(), "abc");
    client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    client.send("0\r\n\r\n");
    assert_eq!(client.reply().text(), "abc");
}

#[tokio::test]
async fn requests_of_http2_are_answered() {
    let mut client = H2::connect(serve_within(greatest())).await;
    assert_eq!(client.get(1, "/").await, 200);
}

/// More than a map of fields holds.
#[test]
fn however_many_fields_come_the_request_is_answered_or_refused() {
    let address = serve_within(Limits::default().header_fields(usize::MAX).header_bytes(8_000_000));
    for (count, status) in [(16_000, 200), (25_000, 431), (40_000, 431)] {
        let fields: String = (0..count).map(|n| format!("x-{n}: 1\r\n")).collect();
        let mut client = Client::connect(address);
        let sent = client.try_send(format!("GET / HTTP/1.1\r\nHost: test\r\n{fields}\r\n"));
        assert!(sent.is_ok() || status == 431, "{count}");
        assert_eq!(client.reply().status, status, "{count}");
    }
}
