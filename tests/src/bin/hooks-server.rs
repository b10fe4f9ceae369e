//! Serves an application whose state and hooks do what the arguments say, on a port that the system chooses, until it is told to stop.
//!
//! `hooks-server [--per-worker] [--port n] [--unix path] [--grace ms] [--busy] [--state what] [--start what]... [--stop what]...`, where what is done is
//! `end`, `fail`, `panic`, `wait` and `block` (for ever), or `hold` (until the end of standard input). Each says that it has begun, and when it
//! is dropped. With `--busy` the state leaves a thread behind that never ends.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, clippy::panic)] // what tests read, and what they ask for

use std::future::pending;
use std::io::Read;
use std::time::Duration;

use cello::prelude::*;
use cello::{Error, Threading};

struct Pool;

#[derive(AppState)]
struct Services {
    pool: Pool,
}

#[get("/")]
async fn hello(_pool: &Pool) -> &'static str {
    "hello"
}

/// Says when it is dropped.
struct Said(String);

impl Drop for Said {
    fn drop(&mut self) {
        eprintln!("{} is over", self.0);
    }
}

/// Does this.
async fn does(who: &str, what: String) -> cello::Result<()> {
    eprintln!("{who} {what}");
    let _said = Said(format!("{who} {what}"));
    match what.as_str() {
        "end" => {}
        "fail" => return Err(Error::msg(format!("{who} failed"))),
        "panic" => panic!("as asked, {who}"),
        "wait" => pending().await,
        "block" => loop {
            std::thread::park();
        },
        "hold" => {
            let held = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
            held.await??;
        }
        _ => return Err(Error::msg(format!("`{what}` is not known"))),
    }
    Ok(())
}

fn main() -> cello::Result<()> {
    let (mut limits, mut threading, mut port, mut unix) = (Limits::default(), Threading::Shared, 0, None);
    let (mut state, mut starts, mut stops, mut busy) = ("end".to_owned(), Vec::new(), Vec::new(), false);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--per-worker" => threading = Threading::PerWorker,
            "--busy" => busy = true,
            _ => {
                let value = args.next().unwrap_or_default();
                match arg.as_str() {
                    "--port" => port = value.parse()?,
                    "--unix" => unix = Some(value),
                    "--grace" => limits = limits.grace(Duration::from_millis(value.parse()?)),
                    "--state" => state = value,
                    "--start" => starts.push(value),
                    "--stop" => stops.push(value),
                    _ => return Err(Error::msg(format!("`{arg}` is not known"))),
                }
            }
        }
    }
    let connect = async move || -> cello::Result<Services> {
        if busy {
            drop(tokio::task::spawn_blocking(|| {
                loop {
                    std::thread::park();
                }
            }));
        }
        does("state", state).await?;
        Ok(Services { pool: Pool })
    };
    let mut app = App::new(routes![hello]).state_with(connect).limits(limits).threading(threading).workers(2);
    for what in starts {
        app = app.on_start(async move |_: State<Pool>| does("start", what).await);
    }
    for what in stops {
        app = app.on_stop(async move |_: State<Pool>| does("stop", what).await);
    }
    if let Some(path) = unix {
        app = app.also_listen_unix(path);
    }
    app.run(("127.0.0.1", port))
}
