//! Clients that take too long are let go. Time is Tokio's, stopped: it jumps to the next moment at which something is
//! to happen as soon as nothing else is to do, so the real limits pass at once.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;
use std::time::Duration;

use behaviour::app;
use cello::Threading;
use cello::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app(Limits::default(), Threading::Shared, None);
    tokio::spawn(app.serve_until(listener, std::future::pending()));
    address
}

/// Connects, sends this, and says what comes until the connection is closed, and after how long that is.
async fn talk(address: SocketAddr, sent: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    (received, start.elapsed())
}

fn about(seconds: u64, time: Duration) -> bool {
    (Duration::from_secs(seconds)..Duration::from_secs(seconds + 1)).contains(&time)
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_answered_with_408() {
    let address = serve().await;
    let (received, time) = talk(address, "GET / HTTP/1.1\r\nHost: te").await;
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{head}");
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    assert_eq!(
        body,
        r#"{"type":"about:blank","title":"Request Timeout","status":408,"detail":"the head of the request did not arrive within 10s"}"#
    );
    assert!(about(10, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_trickles_is_no_better() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let start = Instant::now();
    for byte in "GET / HTTP/1.1\r\nX-Long: ".bytes().chain(std::iter::repeat(b'x')) {
        if stream.write_all(&[byte]).await.is_err() || start.elapsed() > Duration::from_secs(60) {
            break;
        }
        sleep(Duration::from_millis(500)).await;
        let mut received = [0; 1024];
        if let Ok(count) = stream.try_read(&mut received) {
            assert!(received[..count].starts_with(b"HTTP/1.1 408 "));
            break;
        }
    }
    assert!(about(10, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_second_head_has_as_long_as_the_first() {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap(); // the system's own timers do not stop
    for _ in 0..3 {
        stream.write_all(b"GET / HTT").await.unwrap();
        sleep(Duration::from_secs(9)).await;
        stream.write_all(b"P/1.1\r\nHost: test\r\n\r\n").await.unwrap();
        let mut received = [0; 1024];
        let count = stream.read(&mut received).await.unwrap();
        assert!(received[..count].starts_with(b"HTTP/1.1 200 "));
        sleep(Duration::from_secs(60)).await;
    }
    // Bytes that come while a request is handled belong to the head of the next one.
    stream.write_all(b"GET /wait/20000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    stream.write_all(b"GET /").await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    assert!(received.contains("waited") && received.contains("408 Request Timeout"), "{received}");
    assert!(about(29, start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_closed_silently() {
    let address = serve().await;
    let (received, time) = talk(address, "").await;
    assert_eq!(received, "");
    assert!(about(75, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_its_answer() {
    let address = serve().await;
    let (received, time) = talk(address, "GET / HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("hello"), "{received}");
    assert!(about(75, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_take_longer_than_a_client() {
    let address = serve().await;
    let (received, time) =
        talk(address, "GET /wait/200000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    assert!(received.ends_with("waited"), "{received}");
    assert!(about(200, time), "{time:?}");
}

/// Sends a request for an answer after as many milliseconds, and shuts down its sending side. What comes, and when?
async fn half_closed(millis: u64) -> (String, Duration) {
    let address = serve().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /wait/{millis} HTTP/1.1\r\nHost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let start = Instant::now();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    (received, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_client_that_only_shuts_down_its_sending_side_is_answered() {
    let (received, time) = half_closed(29_000).await;
    assert!(received.starts_with("HTTP/1.1 200 ") && received.ends_with("waited"), "{received}");
    assert!(about(29, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_ends_its_handler() {
    let (received, time) = half_closed(200_000).await;
    assert_eq!(received, "");
    assert!(about(30, time), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn serve_until_ends_when_it_is_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app(Limits::default(), Threading::Shared, None);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(app.serve_until(listener, async { drop(stopped.await) }));
    let (received, _) = talk(address, "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    assert!(received.ends_with("hello"));
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(b"GET /wait/5000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    stop.send(()).unwrap();
    let mut received = String::new();
    waiting.read_to_string(&mut received).await.unwrap();
    assert!(received.contains("connection: close") && received.ends_with("waited"), "{received}");
    drop(waiting);
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
