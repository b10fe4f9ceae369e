//! Compares the two threading modes: requests per second and latencies under a few kinds of load, in turn.
//!
//! `threading [--rounds n] [--seconds n]`, built with `--release`. Client and server share the machine, so the ratios
//! between the modes say something, the numbers do not. What it said when the default was chosen stands at
//! `cello::Threading`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use behaviour::{MODES, Process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// One kind of load: its name, the connections that ask for `/`, those that ask for something else, and for what.
const LOADS: [(&str, usize, usize, &str); 5] = [
    ("64 connections", 64, 0, ""),
    ("512 connections", 512, 0, ""),
    ("3 connections", 3, 0, ""),
    ("64, and 1 handler that waits 20 ms", 64, 1, "/wait/20"),
    ("64, and 1 handler that is busy 20 ms", 64, 1, "/busy/20"),
];

fn main() -> Result<(), Fault> {
    let (mut rounds, mut seconds) = (5, 2);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value: u32 = args.next().unwrap_or_default().parse()?;
        match arg.as_str() {
            "--rounds" => rounds = value,
            "--seconds" => seconds = value,
            _ => return Err(format!("`{arg}` is not known").into()),
        }
    }
    let server = std::env::current_exe()?.with_file_name("target-server").display().to_string();
    let length = Duration::from_secs(seconds.into());
    println!("{:<38} {:<12} {:>10} {:>9} {:>9} {:>9}", "load", "mode", "requests/s", "p50", "p99", "p99.9");
    for (name, plain, others, path) in LOADS {
        let mut times: [Vec<u64>; 2] = Default::default();
        for _ in 0..rounds {
            for (mode, times) in MODES.iter().zip(&mut times) {
                let process = Process::start(&server, &[*mode, &["--workers", "2"]].concat());
                times.extend(measure(process.address(), plain, others, path, length)?);
            }
        }
        for (mode, times) in ["Shared", "PerWorker"].iter().zip(&mut times) {
            times.sort_unstable();
            let rate = times.len() / usize::try_from(rounds * seconds)?;
            let at = |part: f64| times[(times.len() as f64 * part) as usize];
            println!(
                "{name:<38} {mode:<12} {rate:>10} {:>6} us {:>6} us {:>6} us",
                at(0.5),
                at(0.99),
                at(0.999)
            );
        }
    }
    Ok(())
}

/// Loads the server and gives the microseconds that each request for `/` took.
fn measure(
    address: SocketAddr,
    plain: usize,
    others: usize,
    path: &'static str,
    length: Duration,
) -> Result<Vec<u64>, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let end = Instant::now() + length;
        let _others: Vec<_> = (0..others).map(|_| tokio::spawn(client(address, path, end))).collect();
        let clients: Vec<_> = (0..plain).map(|_| tokio::spawn(client(address, "/", end))).collect();
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
