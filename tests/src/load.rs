//! A load that ends in SIGTERM, and what became of each request: [`run`].
//!
//! Lost is a request whose bytes were sent while the connection was open, as far as the client could see, and to which
//! no complete answer came. Connections that stand in the queue of the listener are open to their clients.

use std::fmt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::{Client, Process};

/// What the clients do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One request after the other on each connection.
    KeepAlive,
    /// Eight requests at a time on each connection.
    Pipelined,
    /// A new connection for each request.
    Reconnecting,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::KeepAlive, Self::Pipelined, Self::Reconnecting];

    fn at_once(self) -> u64 {
        if self == Self::Pipelined { 8 } else { 1 }
    }
}

/// What became of the requests.
#[derive(Debug)]
pub struct Outcome {
    /// Complete answers.
    pub answered: u64,
    /// Answers after the signal.
    pub answered_late: u64,
    /// Requests without a complete answer.
    pub lost: u64,
    /// How the server ended.
    pub status: ExitStatus,
    /// From the signal to the end of the process.
    pub took: Duration,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answered, answered_late, lost, status, took } = self;
        let code = status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        write!(f, "{answered:>9} {answered_late:>9} {lost:>6} {code:>6} {:>8.2} s", took.as_secs_f64())
    }
}

#[derive(Debug, Default)]
struct Counts {
    answered: AtomicU64,
    answered_late: AtomicU64,
    lost: AtomicU64,
    signalled: AtomicBool,
}

/// Loads a server from this many clients, tells it to stop once it has answered `warm` requests, and counts.
pub fn run(process: Process, kind: Kind, clients: usize, path: &str, warm: u64) -> Outcome {
    let (counts, address) = (Counts::default(), process.address());
    let (status, took) = std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                // Each round is one connection; the last one is refused, or reset before anything was sent on it.
                while let Ok(mut client) = Client::try_connect(address) {
                    if !one_connection(&mut client, kind, path, &counts) {
                        break;
                    }
                }
            });
        }
        while counts.answered.load(Relaxed) < warm {
            std::thread::sleep(Duration::from_millis(1));
        }
        counts.signalled.store(true, Relaxed);
        let start = Instant::now();
        process.signal("TERM");
        let (status, _) = process.wait();
        (status, start.elapsed())
    });
    let Counts { answered, answered_late, lost, .. } = counts;
    let (answered, answered_late, lost) =
        (answered.into_inner(), answered_late.into_inner(), lost.into_inner());
    Outcome { answered, answered_late, lost, status, took }
}

/// Sends requests until the connection ends; says whether to open another one.
fn one_connection(client: &mut Client, kind: Kind, path: &str, counts: &Counts) -> bool {
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n");
    let batch = request.repeat(usize::try_from(kind.at_once()).unwrap_or(1));
    loop {
        // A connection that the server has closed is not used again.
        if client.is_closed() || client.try_send(&batch).is_err() {
            return !counts.signalled.load(Relaxed);
        }
        for answered in 0..kind.at_once() {
            match client.try_reply(true) {
                Ok(reply) if reply.status == 200 => {
                    counts.answered.fetch_add(1, Relaxed);
                    if counts.signalled.load(Relaxed) {
                        counts.answered_late.fetch_add(1, Relaxed);
                    }
                    if reply.closes() {
                        let unanswered = kind.at_once() - answered - 1;
                        counts.lost.fetch_add(unanswered, Relaxed);
                        return kind == Kind::Reconnecting || !counts.signalled.load(Relaxed);
                    }
                }
                _ => {
                    counts.lost.fetch_add(kind.at_once() - answered, Relaxed);
                    return false;
                }
            }
        }
        if kind == Kind::Reconnecting {
            return true;
        }
    }
}
