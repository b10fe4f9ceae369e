//! An answer whose body breaks off ends its connection, and costs nothing that was sent before. Time is Tokio's, stopped, as in `timeouts`.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use cello::prelude::*;
use futures_core::Stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::sleep;

#[get("/bytes/<count>")]
async fn bytes(count: usize) -> Vec<u8> {
    vec![b'x'; count]
}

/// Breaks off after so many pieces, all of which are there at once.
struct Pieces(usize);

impl Stream for Pieces {
    type Item = io::Result<&'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(match self.0.checked_sub(1) {
            None => Err(io::Error::other("broken")),
            Some(left) => {
                self.0 = left;
                Ok("piece")
            }
        }))
    }
}

#[get("/breaks/<pieces>")]
async fn breaks(pieces: usize) -> Body {
    Body::from_stream(Pieces(pieces))
}

/// Has fewer bytes than it says.
#[get("/ends-early")]
async fn ends_early() -> ([(&'static str, &'static str); 1], Body) {
    ([("content-length", "100")], Body::from_reader(&b"piece"[..]))
}

#[get("/panics")]
async fn panics() -> Body {
    Body::from_stream(Panics)
}

struct Panics;

impl Stream for Panics {
    type Item = io::Result<&'static str>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        std::panic::resume_unwind(Box::new(()));
    }
}

/// A body of others that has fewer bytes than it says itself.
#[get("/lies")]
async fn lies() -> Body {
    Body::new(Lies(Some("piece".into())))
}

struct Lies(Option<Bytes>);

impl hyper::body::Body for Lies {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<hyper::body::Frame<Bytes>>>> {
        Poll::Ready(self.0.take().map(|piece| Ok(hyper::body::Frame::data(piece))))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(100)
    }
}

const BROKEN: [(&str, &str); 5] = [
    ("/lies", "piece"),
    ("/breaks/0", ""),
    ("/breaks/2", "5\r\npiece\r\n5\r\npiece\r\n"),
    ("/ends-early", "piece"),
    ("/panics", ""),
];

async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(routes![bytes, breaks, ends_early, panics, lies]);
    tokio::spawn(app.serve_until(listener, std::future::pending()));
    address
}

/// What comes of these answers, asked for together, for a client that takes them when the server has done what it can.
async fn ask(address: SocketAddr, paths: &[&str]) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let requests: String =
        paths.iter().map(|path| format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).collect();
    stream.write_all(requests.as_bytes()).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    String::from_utf8(received).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_came_before_the_break_is_sent() {
    let address = serve().await;
    for (path, body) in BROKEN {
        let received = ask(address, &[path]).await;
        let (head, came) = received.split_once("\r\n\r\n").expect(path);
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        assert_eq!(came, body, "{path}");
    }
}

/// However much of the answer before waits for the client, and where.
#[tokio::test(start_paused = true)]
async fn the_answer_before_one_that_breaks_off_is_whole() {
    let address = serve().await;
    for (path, _) in BROKEN {
        for count in (0..100).map(|step| step * 50_000) {
            let received = ask(address, &[&format!("/bytes/{count}"), path]).await;
            let (head, rest) = received.split_once("\r\n\r\n").expect(path);
            assert!(head.contains(&format!("content-length: {count}\r\n")), "{head}");
            assert!(rest.len() > count, "{path}: {} of {count} bytes came", rest.len());
            assert!(rest[count..].starts_with("HTTP/1.1 200 "), "{path} behind {count}");
        }
    }
}
