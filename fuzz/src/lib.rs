//! What the targets that feed a connection have in common: an application, and a client that sends any bytes.

use std::time::Duration;

use cello::prelude::*;
use cello::testing::single;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// The most memory that one connection may take, in bytes, beside what it receives.
const MOST_MEMORY: u64 = 4 * 1024 * 1024;
/// Longer than all limits on time together.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[get("/number/<n>?<more>")]
async fn number(n: u64, more: Vec<u8>) -> String {
    format!("{n} {more:?}")
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[post("/json")]
async fn json(value: Json<serde_json::Value>) -> Json<serde_json::Value> {
    value
}

#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

#[get("/wait/<seconds>")]
async fn wait(seconds: u16) -> &'static str {
    sleep(Duration::from_secs(seconds.into())).await;
    "waited"
}

#[post("/stream")]
async fn stream(body: Body) -> Streaming<Body> {
    Streaming(body)
}

#[any("/any/<rest..>")]
async fn any(rest: &str) -> String {
    rest.to_owned()
}

fn app() -> impl Application {
    App::new(routes![hello, number, echo, json, ignore, wait, stream, any])
        .enable_cors()
        .enable_compression()
        .limits(Limits::default().body(64 * 1024))
}

/// Sends these bytes on a connection, in so many pieces, and gives what comes back until it is closed. The client stays when it has
/// sent everything, or says that nothing more comes.
///
/// Time is stopped and jumps when nothing is to do, so that every limit passes at once.
///
/// # Panics
/// When something panics, hangs, or takes too much memory.
pub fn talk(bytes: &[u8], pieces: usize, stays: bool) -> Vec<u8> {
    // A panic in a task would end only the task.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        std::process::abort();
    }));
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let mut received = Vec::new();
    let memory = allocation_counter::measure(|| received = talk_within(&runtime, bytes, pieces, stays));
    assert!(memory.bytes_max < MOST_MEMORY + 8 * bytes.len() as u64, "{} bytes", memory.bytes_max);
    received
}

fn talk_within(runtime: &Runtime, bytes: &[u8], pieces: usize, stays: bool) -> Vec<u8> {
    runtime.block_on(async {
        let server = single(app()).await.unwrap();
        let (client, stream) = UnixStream::pair().unwrap();
        let (mut reading, mut writing) = client.into_split();
        let mut received = Vec::new();
        let sending = async {
            for piece in bytes.chunks(bytes.len().div_ceil(pieces).max(1)) {
                if writing.write_all(piece).await.is_err() {
                    break;
                }
                sleep(Duration::from_millis(1)).await;
            }
            if !stays {
                let _ = writing.shutdown().await;
            }
        };
        let receiving = async {
            let _ = reading.read_to_end(&mut received).await;
        };
        let all = async { tokio::join!(server.serve(stream), sending, receiving) };
        timeout(LONGEST, all).await.expect("the connection is never closed");
        received
    })
}
