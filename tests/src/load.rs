//! A load that ends in SIGTERM, and what became of each request: [`run`].
//!
//! Lost is a request whose bytes were sent while the connection was open, as far as the client could see, and to which
//! no complete answer came. Connections that stand in the queue of the listener are open to their clients.

use std::collections::HashSet;
use std::fmt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::http2::{GOAWAY, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE, frame, get, opening};
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
    /// Eight streams of HTTP/2 at a time on each connection, until the server says that it goes away.
    Http2,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::KeepAlive, Self::Pipelined, Self::Reconnecting, Self::Http2];

    fn at_once(self) -> u64 {
        if matches!(self, Self::Pipelined | Self::Http2) { 8 } else { 1 }
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
                    let goes_on = match kind {
                        Kind::Http2 => http2_connection(&mut client, path, &counts),
                        _ => one_connection(&mut client, kind, path, &counts),
                    };
                    if !goes_on {
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

/// Sends requests on streams until the server says that it goes away, and takes the answers to all that were sent; says
/// whether to open another connection.
fn http2_connection(client: &mut Client, path: &str, counts: &Counts) -> bool {
    // Room for as many answers as will come.
    let room = frame(WINDOW_UPDATE, 0, 0, &0x7000_0000_u32.to_be_bytes());
    let mut next = 1;
    let mut request = || {
        next += 2;
        (next - 2, get(next - 2, path))
    };
    let (mut open, mut bytes): (HashSet<u32>, Vec<_>) = (0..Kind::Http2.at_once()).map(|_| request()).unzip();
    bytes.insert(0, [opening(&[]), room].concat());
    if client.try_send(bytes.concat()).is_err() {
        return !counts.signalled.load(Relaxed);
    }
    let mut goes_away = false;
    loop {
        let Ok(came) = client.frame() else {
            counts.lost.fetch_add(open.len() as u64, Relaxed);
            return open.is_empty() && !counts.signalled.load(Relaxed);
        };
        let sent = match (came.kind, came.flags) {
            (SETTINGS, 0) => client.try_send(frame(SETTINGS, 1, 0, &[])),
            (PING, 0) => client.try_send(frame(PING, 1, 0, &came.payload)),
            (GOAWAY, _) => {
                goes_away = true;
                Ok(())
            }
            (RST_STREAM, _) => {
                counts.lost.fetch_add(u64::from(open.remove(&came.stream)), Relaxed);
                Ok(())
            }
            _ if came.ends() && open.remove(&came.stream) => {
                counts.answered.fetch_add(1, Relaxed);
                counts.answered_late.fetch_add(counts.signalled.load(Relaxed).into(), Relaxed);
                if goes_away {
                    Ok(())
                } else {
                    let (stream, bytes) = request();
                    client.try_send(bytes).map(|_| {
                        open.insert(stream);
                    })
                }
            }
            _ => Ok(()),
        };
        // The server closes only what it has answered; what cannot be sent is not lost, what was sent before is.
        drop(sent);
    }
}
