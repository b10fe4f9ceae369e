//! How the body of a request is framed (RFC 9112, sections 6 and 7): what two readers could read differently is refused.
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

/// Answers a while after its body has ended, or has turned out to be broken.
#[post("/later")]
async fn later(body: Body) -> StatusCode {
    let read = body.collect(100).await;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    if read.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST }
}

fn raw() -> Raw {
    Raw(serve(App::new(routes![hello, echo, later])))
}

fn post(fields: &str, body: &str) -> String {
    format!("POST /echo HTTP/1.1\r\nHost: test\r\n{fields}\r\n\r\n{body}")
}

fn chunked(body: &str) -> String {
    post("Transfer-Encoding: chunked", body)
}

#[test]
fn chunked_is_read() {
    let whole = [
        "3\r\nabc\r\n0\r\n\r\n",
        "3;name=value\r\nabc\r\n0\r\n\r\n",
        "003\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n",
        "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
        "0\r\n\r\n",
    ];
    raw().good(whole.map(chunked));
    raw().good(
        ["Transfer-Encoding: Chunked", "transfer-encoding:  CHUNKED  "].map(|field| post(field, whole[0])),
    );
    assert_eq!(Client::connect(raw().0).send(chunked(whole[3])).reply().text(), "abc");
}

#[post("/trailers")]
async fn trailers(headers: &HeaderMap, body: Bytes) -> String {
    format!("{} {}", headers.contains_key("x-trailer"), body.len())
}

#[test]
fn trailers_are_no_fields() {
    let mut client = Client::connect(serve(App::new(routes![hello, trailers])));
    let head = "POST /trailers HTTP/1.1\r\nHost: test\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.send(format!("{head}3\r\nabc\r\n0\r\nX-Trailer: 1\r\nContent-Length: 100\r\nHost: a b\r\n\r\n"));
    assert_eq!(client.reply().text(), "false 3");
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn any_other_coding_is_refused() {
    raw().bad(
        [
            "gzip",
            "identity",
            "gzip, chunked",
            "chunked, gzip",
            "chunked, chunked",
            "chunked, identity",
            "xchunked",
            "chunkedx",
            "\"chunked\"",
            "chunked;q=1",
            "",
            ",chunked",
            "chunked,",
            "\u{b}chunked",
            "ch\u{fc}nked",
        ]
        .map(|coding| post(&format!("Transfer-Encoding: {coding}"), "0\r\n\r\n")),
    );
    raw().bad([
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n"),
        post("Transfer-Encoding : chunked", "0\r\n\r\n"),
        post("Transfer-Encoding\t: chunked", "0\r\n\r\n"),
        post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
    ]);
}

#[test]
fn http_1_0_has_no_transfer_coding() {
    let head = "POST /echo HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n";
    raw().bad([
        format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("{head}Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n"),
    ]);
}

#[test]
fn a_coding_beside_a_length_ends_the_connection_after_the_answer() {
    // The second request would be smuggled if somebody before us had gone by the length.
    let body = "0\r\n\r\nGET / HTTP/1.1\r\nHost: test\r\n\r\n";
    let fields = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 40\r\nTransfer-Encoding: chunked",
    ];
    raw().all(fields.map(|fields| post(fields, body)), 200, Fate::Closed);
    raw().bad([post("Content-Length: 5\r\nTransfer-Encoding: gzip", body)]);
}

#[test]
fn a_length_that_is_no_single_number_is_refused() {
    raw().bad(
        [
            "5, 5",
            "5,6",
            "+5",
            "-5",
            "0x5",
            "5 5",
            "five",
            "",
            "5.",
            "\u{665}",
            "18446744073709551616",
            "5;q=1",
            "5_0",
        ]
        .map(|length| post(&format!("Content-Length: {length}"), "hello")),
    );
    raw().bad([
        post("Content-Length: 5\r\nContent-Length: 6", "hello!"),
        post("Content-Length : 5", "hello"),
        post("Content-Length: 5\r\nContent-Length: x", "hello"),
    ]);
    // Twice the same length is one length (RFC 9112, section 6.3).
    raw()
        .good([post("Content-Length: 5\r\nContent-Length: 5", "hello"), post("Content-Length: 05", "hello")]);
}

#[test]
fn broken_chunks_are_refused_by_who_reads_them() {
    raw().bad(
        [
            "x\r\nabc\r\n0\r\n\r\n",
            "-3\r\nabc\r\n0\r\n\r\n",
            "+3\r\nabc\r\n0\r\n\r\n",
            "0x3\r\nabc\r\n0\r\n\r\n",
            "3 3\r\nabc\r\n0\r\n\r\n",
            "\r\nabc\r\n0\r\n\r\n",
            "3\r\nabcd\r\n0\r\n\r\n",
            "3\r\nabc0\r\n\r\n",
            "3\nabc\n0\n\n",
            "3\rabc\r\n0\r\n\r\n",
            "3;a\nb\r\nabc\r\n0\r\n\r\n",
            "10000000000000003\r\nabc\r\n0\r\n\r\n",
        ]
        .map(chunked),
    );
}

#[test]
fn an_answer_says_that_the_connection_ends_however_late_it_is() {
    let later = |request: String| request.replace("/echo", "/later");
    raw().bad([chunked("x\r\n"), chunked("3\r\nabcd\r\n0\r\n\r\n")].map(later));
    raw().good([post("Content-Length: 3", "abc"), chunked("3\r\nabc\r\n0\r\n\r\n")].map(later));
}

#[test]
fn a_body_that_ends_before_its_length_is_an_error() {
    for whole in [post("Content-Length: 10", "hello"), chunked("a\r\nhello"), chunked("5\r\nhello\r\n")] {
        let mut client = Client::connect(raw().0);
        let reply = client.send(&whole).finish().reply();
        assert_eq!((reply.status, reply.closes()), (400, true), "{whole}");
        assert_eq!(client.fate_after_end(), Fate::Closed);
    }
}
