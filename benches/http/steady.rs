//! Whether a server of cello takes more and more memory: live bytes before and after a load that does what good and bad
//! clients do. `cargo bench -p benches --bench steady` takes five minutes, with `-- --short` a few seconds.
//!
//! The server runs on the thread that is counted, the clients on others. It ends with an error if after the load
//! more than 5 % are live beyond what was before it.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use cello::prelude::*;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

type Fault = Box<dyn std::error::Error + Send + Sync>;

const CLIENTS: u64 = 8;
/// How long the load lasts before memory is measured: by then all that is kept for later has been made.
const WARM: Duration = Duration::from_secs(5);

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[post("/ignore")]
async fn ignore() -> &'static str {
    "ignored"
}

#[post("/json")]
async fn json(value: Json<Vec<String>>) -> Json<Vec<String>> {
    value
}

#[get("/stream")]
async fn stream() -> Body {
    Body::from_reader(std::io::Cursor::new(vec![b'x'; 1_000_000]))
}

#[get("/never")]
async fn never() -> &'static str {
    std::future::pending().await
}

fn app() -> impl Application {
    App::new(routes![hello, echo, ignore, json, stream, never])
        .enable_cors()
        .enable_compression()
        .limits(Limits::default().handler(Duration::from_millis(200)).half_close(Duration::from_millis(200)))
}

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| !argument.starts_with('-') && !"steady".contains(&**argument)) {
        return Ok(()); // `cargo bench routing` means another benchmark
    }
    let short = arguments.iter().any(|argument| argument == "--short");
    let time = Duration::from_secs(if short { 5 } else { 300 });

    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let mut clients = Clients::start(address, WARM);
    let mut listens = false;
    let before = allocation_counter::measure(|| {
        runtime.block_on(async {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            tokio::spawn(app().serve_until(listener, async { drop(stopped.await) }));
            listens = true;
        });
        clients.wait(&runtime);
    });
    if !listens {
        return Err("the server does not listen".into());
    }
    let warm_rounds = clients.rounds()?;
    let mut clients = Clients::start(address, time);
    let after = allocation_counter::measure(|| clients.wait(&runtime));
    let rounds = clients.rounds()?;
    drop(stop);

    let (before, more) = (before.bytes_current, after.bytes_current);
    let share = more as f64 / before as f64 * 100.0;
    println!("live bytes after {warm_rounds} rounds of warming up   {before:>10}");
    println!("more of them after {rounds} rounds in {time:?}   {more:>10}  {share:+.2} %");
    println!("most at once, beyond those                   {:>10}", after.bytes_max);
    if share <= 5.0 { Ok(()) } else { Err("memory is not back within 5 %".into()) }
}

/// Clients on threads of their own, which are made before anything is measured: a thread takes memory too.
struct Clients {
    /// Ends when all have.
    done: mpsc::Receiver<()>,
    threads: Vec<JoinHandle<Result<u64, Fault>>>,
}

impl Clients {
    /// Starts clients for this long.
    fn start(address: SocketAddr, time: Duration) -> Self {
        let (running, done) = mpsc::channel(1);
        let client = |number: u64| {
            let running = running.clone();
            thread::spawn(move || {
                let (_running, begun) = (running, Instant::now());
                let mut round = 0;
                while begun.elapsed() < time {
                    one_round(address, number + round)?;
                    round += 1;
                }
                Ok(round)
            })
        };
        let threads = (0..CLIENTS).map(client).collect();
        Self { done, threads }
    }

    /// Serves them, and until all that was done for them is over.
    fn wait(&mut self, runtime: &Runtime) {
        runtime.block_on(async {
            let _ = self.done.recv().await;
            // Longer than the limits above, so that nothing is left of those who went away.
            tokio::time::sleep(Duration::from_secs(3)).await;
        });
    }

    /// How many rounds they did.
    fn rounds(self) -> Result<u64, Fault> {
        let mut rounds = 0;
        for thread in self.threads {
            rounds += thread.join().map_err(|_| "a client panicked")??;
        }
        Ok(rounds)
    }
}

/// What clients do: most of it well, some of it badly.
fn one_round(address: SocketAddr, round: u64) -> Result<(), Fault> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let get = "GET / HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n";
    let last = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    let post = |path: &str, body: &str| {
        let fields =
            format!("Host: test\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
        format!("POST {path} HTTP/1.1\r\n{fields}\r\n\r\n{body}")
    };
    let chunked =
        "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let mut received = Vec::new();
    match round % 10 {
        0 => stream.write_all((get.repeat(20) + last).as_bytes())?,
        1 => stream.write_all((post("/json", r#"["a","b"]"#) + chunked + last).as_bytes())?,
        2 => stream.write_all((post("/ignore", &"x".repeat(1000)) + last).as_bytes())?,
        3 => stream.write_all(post("/ignore", &"x".repeat(200_000)).as_bytes())?,
        4 => stream.write_all(b"GET /nowhere HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")?,
        5 => stream.write_all(b"this is no HTTP\r\n\r\n")?,
        6 => stream.write_all(last.as_bytes())?,
        // Those that follow go away in the midst.
        7 => {
            return Ok(
                stream.write_all(b"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf")?
            );
        }
        8 => {
            stream.write_all(b"GET /stream HTTP/1.1\r\nHost: test\r\n\r\n")?;
            stream.read_exact(&mut [0; 1000])?;
            return Ok(());
        }
        // Seldom: its connection stays for a while, and what Tokio keeps grows with those that do so at once.
        _ if round % 100 != 9 => stream.write_all(last.as_bytes())?,
        _ => {
            stream.write_all(b"GET /never HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")?;
            stream.shutdown(Shutdown::Write)?;
            return Ok(());
        }
    }
    // A connection that is closed in the midst of what we send is no fault of the server.
    let _ = stream.read_to_end(&mut received);
    if received.starts_with(b"HTTP/1.1 ") {
        Ok(())
    } else {
        Err(format!("round {round} had no answer").into())
    }
}
