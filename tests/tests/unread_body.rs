//! A body that the handler does not read: up to 64 KiB of it are thrown away, otherwise the connection closes.
#![forbid(unsafe_code)]

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use behaviour::{Client, Fate, serve};
use cello::prelude::*;

const KIB: usize = 1024;

/// What hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

/// Reads the first piece of its body.
#[post("/begin")]
async fn begin(mut body: Body) -> &'static str {
    let _ = body.next_data().await;
    "begun"
}

/// Tells when it begins, and when it is given up.
#[post("/wait")]
async fn wait(told: &Sender<&'static str>) {
    let _told = GivenUp(told.clone());
    let _ = told.send("begun");
    std::future::pending::<()>().await;
}

struct GivenUp(Sender<&'static str>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        let _ = self.0.send("given up");
    }
}

#[derive(AppState)]
struct State(Sender<&'static str>);

#[post("/small", body_limit = 1000)]
async fn small(body: Bytes) -> Bytes {
    body
}

fn client() -> Client {
    Client::connect(serve(App::new(routes![hello, ignore, begin, small])))
}

fn head(path: &str, len: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {len}\r\n\r\n")
}

fn chunked(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
}

fn chunk(len: usize) -> String {
    format!("{len:x}\r\n{}\r\n", "x".repeat(len))
}

#[test]
fn a_little_is_thrown_away_however_slowly_it_comes() {
    for (path, status) in [("/ignore", 200), ("/small", 413), ("/nowhere", 404)] {
        let mut client = client();
        let reply = client.send(head(path, 64 * KIB)).reply();
        assert_eq!((reply.status, reply.closes()), (status, false), "{path}");
        for _ in 0..64 {
            client.send("x".repeat(KIB));
        }
        assert_eq!(client.fate(), Fate::Open, "{path}");
    }
}

#[test]
fn a_little_in_chunks_is_thrown_away() {
    let mut client = client();
    assert_eq!(client.send(chunked("/ignore")).reply().status, 200);
    for _ in 0..4 {
        client.send(chunk(15 * KIB));
    }
    client.send("0\r\n\r\n");
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn what_is_left_of_a_body_counts() {
    let mut client = client();
    let reply = client.send(head("/begin", 65 * KIB)).send("x".repeat(2 * KIB)).reply();
    assert_eq!((reply.text().as_str(), reply.closes()), ("begun", false));
    client.send("x".repeat(63 * KIB));
    assert_eq!(client.fate(), Fate::Open);
}

#[test]
fn too_much_closes_the_connection_and_the_answer_says_so() {
    for (path, status) in [("/ignore", 200), ("/small", 413), ("/nowhere", 404)] {
        let mut client = client();
        let reply = client.send(head(path, 64 * KIB + 1)).reply();
        assert_eq!((reply.status, reply.closes()), (status, true), "{path}");
        client.send("x".repeat(64 * KIB + 1));
        assert_eq!(client.fate(), Fate::Closed, "{path}");
    }
}

#[test]
fn too_much_in_chunks_closes_the_connection() {
    let mut client = client();
    assert_eq!(client.send(chunked("/ignore")).reply().status, 200);
    for _ in 0..100 {
        // The connection may be closed in the midst of it.
        if client.try_send(chunk(8 * KIB)).is_err() {
            break;
        }
    }
    assert_eq!(client.fate(), Fate::Closed);
}

#[test]
fn the_next_request_may_come_together_with_a_body_that_is_thrown_away() {
    let mut client = client();
    client.send(
        head("/ignore", 5)
            + "hello"
            + &head("/small", 3)
            + "abc"
            + &chunked("/ignore")
            + &chunk(5)
            + "0\r\n\r\n",
    );
    for text in ["ignored", "abc", "ignored"] {
        assert_eq!(client.reply().text(), text);
    }
    assert_eq!(client.fate(), Fate::Open);
}

/// It is thrown away while the handler waits, so that the server goes on reading and hears that the client is gone.
#[test]
fn a_body_that_nobody_wants_does_not_hide_that_the_client_is_gone() {
    let (sender, told) = channel();
    let mut client = Client::connect(serve(App::new(routes![wait]).state(State(sender))));
    client.send(head("/wait", 30 * KIB)).send("x".repeat(30 * KIB));
    assert_eq!(told.recv_timeout(PATIENCE), Ok("begun"));
    client.reset().unwrap();
    assert_eq!(told.recv_timeout(PATIENCE), Ok("given up"));
}
