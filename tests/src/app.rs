//! The application that the tests talk to.

use std::io::Read;
use std::time::Duration;

use cello::prelude::*;
use cello::{Threading, Upgrade};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

/// Opens when the standard input of the process has come to its end: how a test lets a handler finish.
#[derive(Debug)]
pub struct Gate(watch::Receiver<bool>);

/// What the handlers share.
#[derive(AppState, Debug)]
pub struct Shared {
    gate: Gate,
}

/// A short text.
#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

/// The same number.
#[get("/number/<n>")]
async fn number(n: u64) -> String {
    n.to_string()
}

/// The same bytes.
#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

/// Does not read its body.
#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

/// As many bytes as asked for.
#[get("/bytes/<count>")]
async fn bytes(count: usize) -> Bytes {
    vec![b'x'; count].into()
}

/// Waits as many milliseconds as asked for.
#[get("/wait/<millis>")]
async fn wait(millis: u64) -> &'static str {
    tokio::time::sleep(Duration::from_millis(millis)).await;
    "waited"
}

/// Waits for the gate.
#[get("/hold")]
async fn hold(gate: &Gate) -> &'static str {
    let mut open = gate.0.clone();
    let _ = open.wait_for(|open| *open).await;
    "released"
}

/// Panics.
#[get("/panic")]
async fn panic() -> &'static str {
    panic!("as asked")
}

/// Leaves HTTP, and sends back what it gets until the client has sent all.
#[get("/upgrade")]
async fn upgrade(upgrade: Upgrade) -> Response {
    upgrade.on_upgrade("echo", async |mut connection| {
        let mut bytes = [0; 1024];
        while let Ok(count @ 1..) = connection.read(&mut bytes).await {
            if connection.write_all(&bytes[..count]).await.is_err() {
                return;
            }
        }
        let _ = connection.write_all(b"bye").await;
    })
}

/// The application.
pub fn app(limits: Limits, threading: Threading, workers: Option<usize>) -> impl Application {
    let app = App::new(routes![hello, number, echo, ignore, bytes, wait, hold, panic, upgrade])
        .state(Shared { gate: Gate(gate()) })
        .limits(limits)
        .threading(threading);
    match workers {
        Some(workers) => app.workers(workers),
        None => app,
    }
}

fn gate() -> watch::Receiver<bool> {
    let (open, opened) = watch::channel(false);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = open.send(true);
    });
    opened
}
