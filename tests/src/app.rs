//! The application that the tests talk to.

use std::io::Read;
use std::time::Duration;

use cello::extract::Scheme;
use cello::prelude::*;
use cello::{Readiness, Threading, Tls, Upgrade};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot, watch};

/// Opens when the standard input of the process has come to its end: how a test lets a handler finish.
#[derive(Debug)]
pub struct Gate(watch::Receiver<bool>);

/// Asks a task that was started with the state.
#[derive(Debug)]
pub struct Background(mpsc::Sender<oneshot::Sender<u32>>);

/// What the handlers share.
#[derive(AppState, Debug)]
pub struct Shared {
    gate: Gate,
    background: Background,
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

/// Keeps its thread busy for as many milliseconds as asked for, as no handler should.
#[get("/busy/<millis>")]
async fn busy(millis: u64) -> &'static str {
    std::thread::sleep(Duration::from_millis(millis));
    "was busy"
}

/// Waits for the gate.
#[get("/hold")]
async fn hold(gate: &Gate) -> &'static str {
    let mut open = gate.0.clone();
    let _ = open.wait_for(|open| *open).await;
    "released"
}

/// How often the task that was started with the state has been asked.
#[get("/background")]
async fn background(background: &Background) -> cello::Result<String> {
    let (answer, answered) = oneshot::channel();
    background.0.send(answer).await?;
    Ok(answered.await?.to_string())
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

/// How the request came.
#[get("/scheme")]
async fn scheme(scheme: Scheme) -> &'static str {
    scheme.as_str()
}

/// Whether the server wants new requests.
#[get("/ready")]
async fn ready(readiness: Readiness) -> Readiness {
    readiness
}

/// The application.
pub fn app(limits: Limits, threading: Threading, workers: Option<usize>) -> impl Application {
    app_at(limits, threading, workers, Places::default())
}

/// Where the application listens besides, and what it encrypts with.
#[derive(Debug, Default)]
pub struct Places {
    /// One more port.
    pub also: bool,
    /// A Unix socket at this path.
    pub unix: Option<String>,
    /// TLS at the first place.
    pub tls: Option<Tls>,
    /// One more port, with TLS.
    pub also_tls: Option<Tls>,
}

/// The application, which listens at other places too.
pub fn app_at(
    limits: Limits,
    threading: Threading,
    workers: Option<usize>,
    places: Places,
) -> impl Application {
    let mut app = App::new(routes![
        hello, number, echo, ignore, bytes, wait, busy, hold, background, panic, upgrade, ready, scheme
    ])
    .state_with(async || Shared { gate: Gate(gate()), background: Background(count()) })
    .limits(limits)
    .threading(threading);
    let Places { also, unix, tls, also_tls } = places;
    if also {
        app = app.also_listen("127.0.0.1:0");
    }
    if let Some(path) = unix {
        app = app.also_listen_unix(path);
    }
    if let Some(tls) = tls {
        app = app.tls(tls);
    }
    if let Some(tls) = also_tls {
        app = app.also_listen_tls("127.0.0.1:0", tls);
    }
    match workers {
        Some(workers) => app.workers(workers),
        None => app,
    }
}

/// Starts a task on the runtime on which the state is made.
fn count() -> mpsc::Sender<oneshot::Sender<u32>> {
    let (ask, mut asked) = mpsc::channel::<oneshot::Sender<u32>>(1);
    tokio::spawn(async move {
        for count in 1.. {
            let Some(answer) = asked.recv().await else { break };
            let _ = answer.send(count);
        }
    });
    ask
}

fn gate() -> watch::Receiver<bool> {
    let (open, opened) = watch::channel(false);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = open.send(true);
    });
    opened
}
