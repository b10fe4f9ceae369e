//! A connection can leave HTTP for another protocol.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test, and handlers of tests panic

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use behaviour::{Client, MODES, Process, serve};
use cello::Upgrade;
use cello::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SERVER: &str = env!("CARGO_BIN_EXE_target-server");
const ASK: &str =
    "GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: chat, Echo\r\n\r\n";

#[test]
fn the_handler_speaks_the_new_protocol() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        assert_eq!(client.get("/").text(), "hello");
        // What is sent together with the request belongs to the new protocol.
        client.send(format!("{ASK}early"));
        let reply = client.reply();
        assert_eq!((reply.status, reply.header("upgrade")), (101, Some("echo")));
        assert_eq!(reply.header("connection").map(str::to_lowercase).as_deref(), Some("upgrade"));
        assert_eq!(client.bytes(5), b"early");
        for text in ["one", "two", "GET / HTTP/1.1\r\n\r\n"] {
            assert_eq!(client.send(text).bytes(text.len()), text.as_bytes());
        }
        client.finish();
        assert_eq!(client.rest().unwrap(), b"bye");
    }
}

#[test]
fn a_request_that_asks_for_nothing_is_refused() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    let reply = client.get("/upgrade");
    assert_eq!((reply.status, reply.header("content-type")), (400, Some("application/problem+json")));
    // Without `Connection: upgrade` the field is not for this server.
    client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nUpgrade: echo\r\n\r\n");
    assert_eq!(client.reply().status, 400);
    client.send("GET /upgrade HTTP/1.0\r\nConnection: upgrade, keep-alive\r\nUpgrade: echo\r\n\r\n");
    assert_eq!(client.reply().status, 400);
}

#[test]
fn a_client_that_offers_another_protocol_learns_the_right_one() {
    let server = Process::start(SERVER, &[]);
    let mut client = server.connect();
    client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
    let reply = client.reply();
    assert_eq!((reply.status, reply.header("upgrade")), (426, Some("echo")));
}

/// Writes 1,000 bytes one by one, for which there is room, and says how often that has given way to others.
#[get("/upgrade")]
async fn chatter(upgrade: Upgrade) -> Response {
    upgrade.on_upgrade("echo", async |mut connection| {
        let mut times = 0;
        {
            let mut writing = pin!(async {
                for _ in 0..1_000 {
                    connection.write_all(b"x").await.unwrap();
                }
            });
            poll_fn(|cx| {
                let polled = writing.as_mut().poll(cx);
                times += u32::from(polled.is_pending());
                polled
            })
            .await;
        }
        connection.write_all(format!("{times:04}").as_bytes()).await.unwrap();
    })
}

#[tokio::test]
async fn what_an_upgraded_connection_writes_leaves_time_to_others() {
    let address = serve(App::new(routes![chatter]));
    let talked = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(address);
        assert_eq!(client.send(ASK).reply().status, 101);
        assert_eq!(client.bytes(1_000), [b'x'; 1_000]);
        let times: u32 = String::from_utf8(client.bytes(4)).unwrap().parse().unwrap();
        assert!(times > 0, "the connection never gave way");
    });
    talked.await.unwrap();
}

#[get("/echo")]
async fn inner(upgrade: Upgrade) -> Response {
    upgrade.on_upgrade("echo", async |mut connection| {
        let mut bytes = [0; 5];
        while connection.read_exact(&mut bytes).await.is_ok() {
            if connection.write_all(&bytes).await.is_err() {
                return;
            }
        }
    })
}

/// The fallback service takes the connection itself; the server knows only that it changes its protocol.
#[tokio::test]
async fn a_fallback_service_may_change_the_protocol() {
    let other = App::new(routes![inner]).into_service().await.unwrap();
    let address = serve(App::new(routes![]).fallback_service(other));
    let talked = tokio::task::spawn_blocking(move || {
        for _ in 0..20 {
            let mut client = Client::connect(address);
            client.send(ASK.replace("/upgrade", "/echo"));
            assert_eq!(client.reply().status, 101);
            for text in ["first", "other"] {
                assert_eq!(client.send(text).bytes(5), text.as_bytes());
            }
        }
    });
    talked.await.unwrap();
}

#[get("/upgrade")]
async fn panics(upgrade: Upgrade) -> Response {
    upgrade.on_upgrade("echo", async |mut connection| {
        let _ = connection.read_u8().await;
        panic!("as the test wants it");
    })
}

/// What was logged as an error.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Errors {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::ERROR
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            if field.name() == "message" {
                self.0.lock().unwrap().push(format!("{value:?}"));
            }
        });
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// What comes on an upgraded connection, of which one byte is sent, until it is closed.
async fn upgraded(app: impl Application) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let server = tokio::spawn(app.serve_until(listener, std::future::pending()));
    client.write_all(format!("{ASK}x").as_bytes()).await.unwrap();
    let mut received = String::new();
    client.read_to_string(&mut received).await.unwrap();
    server.abort();
    received
}

/// Here, and where the application is a service of another server.
#[tokio::test]
async fn a_panic_on_an_upgraded_connection_is_logged() {
    let errors = Errors::default();
    let _heard = tracing::subscriber::set_default(errors.clone());
    let inner = App::new(routes![panics]).into_service().await.unwrap();
    let outer = App::new(routes![]).fallback_service(inner);
    for received in [upgraded(App::new(routes![panics])).await, upgraded(outer).await] {
        assert!(received.starts_with("HTTP/1.1 101 ") && received.ends_with("\r\n\r\n"), "{received}");
    }
    let said = "what was given to `on_upgrade` panicked: as the test wants it";
    assert_eq!(*errors.0.lock().unwrap(), [said, said]);
}

#[test]
fn the_grace_is_given_to_upgraded_connections_too() {
    for mode in MODES {
        let server = Process::start(SERVER, mode);
        let mut client = server.connect();
        assert_eq!(client.send(ASK).reply().status, 101);
        let idle = server.connect();
        server.signal("TERM");
        // The idle connection is closed, so the server is stopping.
        assert_eq!(idle.rest().unwrap(), b"");
        assert_eq!(client.send("still here").bytes(10), b"still here");
        client.finish();
        assert_eq!(client.rest().unwrap(), b"bye");
        assert!(server.wait().0.success());
    }
}
