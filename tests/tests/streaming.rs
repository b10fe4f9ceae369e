//! Bodies as streams, in both directions: no more is read or made than the other side takes, and a client that goes away
//! ends what is done for it.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll};
use std::time::Duration;

use cello::prelude::*;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;

const MIB: usize = 1024 * 1024;

/// What the handlers do, as the tests see it.
#[derive(Clone, Default)]
struct Seen(Arc<Counts>);

#[derive(Default)]
struct Counts {
    made: AtomicUsize,
    read: AtomicUsize,
    dropped: Notify,
    begun: Notify,
    go_on: Notify,
}

#[derive(AppState)]
struct Shared {
    seen: Seen,
}

/// Tells of its end.
struct Guard(Seen);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.dropped.notify_one();
    }
}

/// Reads a piece, waits to be told to go on, and reads the rest.
#[post("/upload", body_limit = 100 * 1024 * 1024)]
async fn upload(mut body: Body, seen: &Seen) -> cello::Result<String> {
    let mut count = 0;
    while let Some(piece) = body.next_data().await? {
        if count == 0 {
            seen.0.begun.notify_one();
            seen.0.go_on.notified().await;
        }
        count += piece.len();
        seen.0.read.store(count, SeqCst);
    }
    Ok(count.to_string())
}

/// So many MiB, counted as they are made.
struct Made {
    left: usize,
    guard: Guard,
}

impl futures_core::Stream for Made {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        self.guard.0.0.made.fetch_add(MIB, SeqCst);
        Poll::Ready(Some(Ok(vec![b'x'; MIB])))
    }
}

impl AsyncRead for Made {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let bytes = self.left.min(buf.remaining());
        self.left -= bytes;
        self.guard.0.0.made.fetch_add(bytes, SeqCst);
        buf.put_slice(&vec![b'x'; bytes]);
        Poll::Ready(Ok(()))
    }
}

#[get("/stream/<mib>")]
async fn stream(mib: usize, seen: &Seen) -> Streaming<Made> {
    Streaming(Made { left: mib, guard: Guard(seen.clone()) })
}

#[get("/reader/<mib>")]
async fn reader(mib: usize, seen: &Seen) -> Body {
    Body::from_reader(Made { left: mib * MIB, guard: Guard(seen.clone()) })
}

/// Fails after its first bytes, for which it leaves time to be sent.
struct Failing(u8);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.0 += 1;
        match self.0 {
            1 => {
                buf.put_slice(b"beginning");
                Poll::Ready(Ok(()))
            }
            2 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Err(std::io::Error::other("a secret reason"))),
        }
    }
}

#[get("/failing")]
async fn failing() -> Body {
    Body::from_reader(Failing(0))
}

/// Never answers.
#[get("/never")]
async fn never(seen: &Seen) -> &'static str {
    let _guard = Guard(seen.clone());
    seen.0.begun.notify_one();
    std::future::pending::<()>().await;
    "never"
}

async fn serve() -> (SocketAddr, Seen) {
    let seen = Seen::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(routes![upload, stream, reader, failing, never])
        .state(Shared { seen: seen.clone() })
        .limits(Limits::default().handler(Duration::from_secs(3600)).write_stall(Duration::from_secs(3600)));
    tokio::spawn(app.serve_until(listener, std::future::pending()));
    (address, seen)
}

async fn ask(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

// Time that is stopped goes on only when nothing else is to do: when all that can be sent or read has been.

#[tokio::test(start_paused = true)]
async fn a_body_is_read_no_faster_than_its_handler_reads() {
    let (address, seen) = serve().await;
    let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
    let sent = Arc::new(AtomicUsize::new(0));
    let sending = tokio::spawn({
        let sent = Arc::clone(&sent);
        async move {
            let head = format!(
                "POST /upload HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                64 * MIB
            );
            writing.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..64 {
                writing.write_all(&vec![b'x'; MIB]).await.unwrap();
                sent.fetch_add(MIB, SeqCst);
            }
            writing
        }
    });
    seen.0.begun.notified().await;
    sleep(Duration::from_secs(60)).await;
    // The buffers of the system are full, and that of the server.
    assert!(sent.load(SeqCst) < 32 * MIB, "{} bytes sent", sent.load(SeqCst));
    assert_eq!(seen.0.read.load(SeqCst), 0);
    seen.0.go_on.notify_one();
    let mut received = String::new();
    reading.read_to_string(&mut received).await.unwrap();
    assert!(received.ends_with(&(64 * MIB).to_string()), "{received}");
    drop(sending.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_stream_and_a_reader_are_asked_for_no_more_than_the_client_takes() {
    for path in ["/stream/64", "/reader/64"] {
        let (address, seen) = serve().await;
        let mut stream = ask(address, path).await;
        sleep(Duration::from_secs(60)).await;
        let made = seen.0.made.load(SeqCst);
        assert!(made > 0 && made < 32 * MIB, "{path}: {made} bytes made");
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.unwrap();
        let content = received.iter().filter(|byte| **byte == b'x').count();
        assert!(content >= 64 * MIB && received.ends_with(b"0\r\n\r\n"), "{path}: {content}");
        seen.0.dropped.notified().await;
    }
}

#[tokio::test]
async fn a_reader_that_fails_ends_the_response_early() {
    let (address, _) = serve().await;
    let mut received = String::new();
    let _ = ask(address, "/failing").await.read_to_string(&mut received).await;
    assert!(received.contains("beginning") && !received.ends_with("0\r\n\r\n"), "{received}");
    assert!(!received.contains("secret"), "{received}");
}

#[tokio::test]
async fn a_client_that_resets_its_connection_cancels_the_handler() {
    let (address, seen) = serve().await;
    let stream = ask(address, "/never").await;
    seen.0.begun.notified().await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    seen.0.dropped.notified().await;
}

#[tokio::test]
async fn a_client_that_goes_away_ends_the_stream_that_is_sent_to_it() {
    for path in ["/stream/100000", "/reader/100000"] {
        let (address, seen) = serve().await;
        let mut stream = ask(address, path).await;
        stream.read_exact(&mut vec![0; 100_000]).await.unwrap();
        drop(stream);
        seen.0.dropped.notified().await;
    }
}
