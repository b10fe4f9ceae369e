//! A listener that is given to `serve_until` is left as it was: whoever holds it besides goes on accepting.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::time::Duration;

use behaviour::app;
use cello::Threading;
use cello::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

#[tokio::test]
async fn the_other_holder_of_a_listener_accepts_after_the_server_has_ended() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    // As a service manager, a parent process, or the next server holds it.
    let held = listener.try_clone().unwrap();
    for listener in [listener, held.try_clone().unwrap()] {
        let listener = TcpListener::from_std(listener).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = app(Limits::default(), Threading::Shared, None);
        let server = tokio::spawn(app.serve_until(listener, async { drop(stopped.await) }));
        let mut client =
            timeout(Duration::from_secs(20), TcpStream::connect(address)).await.unwrap().unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut received = String::new();
        client.read_to_string(&mut received).await.unwrap();
        assert!(received.ends_with("hello"), "{received}");
        drop(client);
        stop.send(()).unwrap();
        server.await.unwrap().unwrap();
    }
    let held = TcpListener::from_std(held).unwrap();
    let client = tokio::spawn(TcpStream::connect(address));
    timeout(Duration::from_secs(20), held.accept()).await.unwrap().unwrap();
    client.await.unwrap().unwrap();
}
