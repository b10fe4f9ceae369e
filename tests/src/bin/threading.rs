//! Compares the two threading modes: requests per second and latencies under a few kinds of load, in turn.
//!
//! `threading [--rounds n] [--seconds n]`, built with `--release`. Client and server share the machine, so the ratios
//! between the modes say something, the numbers do not. What it said when the default was chosen stands at
//! `cello::Threading`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use behaviour::http2::{
    DATA, Frame, GOAWAY, HEADERS, RST_STREAM, SETTINGS, WINDOW_UPDATE, frame, get, opening,
};
use behaviour::{MODES, Process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How many streams of an HTTP/2 connection ask for `/` at once.
const STREAMS: usize = 32;
/// After so many bytes of bodies an HTTP/2 client takes as many more: a quarter of the window of a connection.
const TAKEN: u32 = 16 * 1024;

/// One kind of load.
#[derive(Debug, Clone, Copy)]
struct Load {
    name: &'static str,
    /// HTTP/2, with [`STREAMS`] streams on each connection.
    http2: bool,
    /// The connections that ask for `/`.
    connections: usize,
    /// What one more asks for: a connection of HTTP/1.1, a stream of the first connection of HTTP/2.
    other: Option<&'static str>,
}

impl Load {
    const fn http1(name: &'static str, connections: usize, other: Option<&'static str>) -> Self {
        Self { name, http2: false, connections, other }
    }

    const fn http2(name: &'static str, connections: usize, other: Option<&'static str>) -> Self {
        Self { name, http2: true, connections, other }
    }
}

const WAITS: Option<&str> = Some("/wait/20");
const IS_BUSY: Option<&str> = Some("/busy/20");

const LOADS: [Load; 10] = [
    Load::http1("64 connections", 64, None),
    Load::http1("512 connections", 512, None),
    Load::http1("3 connections", 3, None),
    Load::http1("64, and 1 handler that waits 20 ms", 64, WAITS),
    Load::http1("64, and 1 handler that is busy 20 ms", 64, IS_BUSY),
    Load::http2("HTTP/2, 1 connection of 32 streams", 1, None),
    Load::http2("HTTP/2, 2 connections of 32", 2, None),
    Load::http2("HTTP/2, 3 connections of 32", 3, None),
    Load::http2("HTTP/2, 1 of 32, and 1 that waits 20 ms", 1, WAITS),
    Load::http2("HTTP/2, 1 of 32, and 1 busy 20 ms", 1, IS_BUSY),
];

fn main() -> Result<(), Fault> {
    // Many short rounds: which thread gets a connection is decided anew in each.
    let (mut rounds, mut seconds) = (5, 1);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value: u32 = args.next().unwrap_or_default().parse()?;
        match arg.as_str() {
            "--rounds" => rounds = value.max(1),
            "--seconds" => seconds = value.max(1),
            _ => return Err(format!("`{arg}` is not known").into()),
        }
    }
    let server = std::env::current_exe()?.with_file_name("target-server").display().to_string();
    let length = Duration::from_secs(seconds.into());
    println!(
        "{:<40} {:<10} {:>10} {:>15} {:>9} {:>9} {:>9}",
        "load", "mode", "requests/s", "of a round", "p50", "p99", "p99.9"
    );
    for load in LOADS {
        let mut times: [Vec<u64>; 2] = Default::default();
        let mut counts: [Vec<usize>; 2] = Default::default();
        for _ in 0..rounds {
            for (mode, (times, counts)) in MODES.iter().zip(times.iter_mut().zip(&mut counts)) {
                let process = Process::start(&server, &[*mode, &["--workers", "2"]].concat());
                let round = measure(process.address(), load, length)?;
                counts.push(round.len() / usize::try_from(seconds)?);
                times.extend(round);
            }
        }
        for (mode, (times, counts)) in ["Shared", "PerWorker"].iter().zip(times.iter_mut().zip(&mut counts)) {
            times.sort_unstable();
            counts.sort_unstable();
            let rate = times.len() / usize::try_from(rounds * seconds)?;
            let span = format!("{}..{}", counts[0], counts[counts.len() - 1]);
            let at = |part: f64| times[(times.len() as f64 * part) as usize];
            println!(
                "{:<40} {mode:<10} {rate:>10} {span:>15} {:>6} us {:>6} us {:>6} us",
                load.name,
                at(0.5),
                at(0.99),
                at(0.999)
            );
        }
    }
    Ok(())
}

/// Loads the server and gives the microseconds that each request for `/` took.
fn measure(address: SocketAddr, load: Load, length: Duration) -> Result<Vec<u64>, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let end = Instant::now() + length;
        let mut clients = Vec::new();
        if load.http2 {
            for index in 0..load.connections {
                let other = load.other.filter(|_| index == 0);
                clients.push(tokio::spawn(http2_client(address, other, end)));
            }
        } else {
            if let Some(path) = load.other {
                drop(tokio::spawn(client(address, path, end)));
            }
            clients.extend((0..load.connections).map(|_| tokio::spawn(client(address, "/", end))));
        }
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.await??);
        }
        Ok(times)
    })
}

async fn client(address: SocketAddr, path: &'static str, end: Instant) -> Result<Vec<u64>, Fault> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n");
    let (mut times, mut answer) = (Vec::new(), [0; 4096]);
    loop {
        let start = Instant::now();
        if start >= end {
            return Ok(times);
        }
        stream.write_all(request.as_bytes()).await?;
        // The answers are short, and come in one piece.
        if stream.read(&mut answer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        times.push(u64::try_from(start.elapsed().as_micros())?);
    }
}

/// One connection of HTTP/2 on which a stream that ends makes place for the next. Answers that came together are
/// followed by requests that go out together, as from any client that has them.
async fn http2_client(
    address: SocketAddr,
    other: Option<&'static str>,
    end: Instant,
) -> Result<Vec<u64>, Fault> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut out = opening(&[]);
    // What is to be asked for, and what has been, on which stream and when.
    let mut next: Vec<&'static str> = other.into_iter().chain(["/"; STREAMS]).collect();
    let mut open: Vec<(u32, &'static str, Instant)> = Vec::with_capacity(next.len());
    let (mut times, mut came, mut id, mut taken) = (Vec::new(), Vec::with_capacity(64 * 1024), 1, 0);
    loop {
        let start = Instant::now();
        if start >= end {
            return Ok(times);
        }
        for path in next.drain(..) {
            out.extend_from_slice(&get(id, path));
            open.push((id, path, start));
            id += 2;
        }
        if taken >= TAKEN {
            out.extend_from_slice(&frame(WINDOW_UPDATE, 0, 0, &taken.to_be_bytes()));
            taken = 0;
        }
        stream.write_all(&out).await?;
        out.clear();
        if stream.read_buf(&mut came).await? == 0 {
            return Err("the server closed the connection".into());
        }
        let (now, mut read) = (Instant::now(), 0);
        while let Some((got, len)) = Frame::parse(&came[read..]) {
            read += len;
            match (got.kind, got.flags) {
                (SETTINGS, 0) => out.extend_from_slice(&frame(SETTINGS, 1, 0, &[])),
                (GOAWAY | RST_STREAM, _) => return Err(format!("the server sent {got:?}").into()),
                (HEADERS, _) if got.status() != Some(200) => {
                    return Err(format!("the server answered {:?}", got.status()).into());
                }
                (DATA, _) => taken += u32::try_from(got.payload.len())?,
                _ => {}
            }
            if got.ends() {
                let place = open.iter().position(|(id, ..)| *id == got.stream);
                let (_, path, start) = open.swap_remove(place.ok_or("an answer that nobody asked for")?);
                next.push(path);
                if path == "/" {
                    times.push(u64::try_from((now - start).as_micros())?);
                }
            }
        }
        came.drain(..read);
    }
}
