//! Serves the application of the tests on a port that the system chooses, until it is told to stop.
//!
//! `target-server [--per-worker] [--workers n] [--port n] [--grace ms] [--header-read ms] [--idle ms] [--header-bytes n]
//! [--first-byte ms] [--body-grace ms] [--handler ms] [--write-stall ms] [--drain-delay ms] [--also] [--also-unix path] [--tls cert key] [--also-tls cert key] [--connections n] [--per-address n]`
#![forbid(unsafe_code)]

use std::time::Duration;

use behaviour::Places;
use cello::prelude::*;
use cello::{Error, Threading, Tls};

fn main() -> cello::Result<()> {
    let (mut limits, mut threading, mut workers, mut port) = (Limits::default(), Threading::Shared, None, 0);
    let mut places = Places::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--per-worker" {
            threading = Threading::PerWorker;
            continue;
        }
        if arg == "--also-unix" {
            places.unix = args.next();
            continue;
        }
        if arg == "--also" {
            places.also = true;
            continue;
        }
        if let "--tls" | "--also-tls" = arg.as_str() {
            let tls = Tls::from_pem_files(args.next().unwrap_or_default(), args.next().unwrap_or_default());
            let place = if arg == "--tls" { &mut places.tls } else { &mut places.also_tls };
            *place = Some(tls);
            continue;
        }
        let value: u64 = args.next().unwrap_or_default().parse()?;
        let time = Duration::from_millis(value);
        match arg.as_str() {
            "--workers" => workers = Some(usize::try_from(value)?),
            "--port" => port = u16::try_from(value)?,
            "--grace" => limits = limits.grace(time),
            "--header-read" => limits = limits.header_read(time),
            "--first-byte" => limits = limits.first_byte(time),
            "--body-grace" => limits = limits.body_grace(time),
            "--handler" => limits = limits.handler(time),
            "--write-stall" => limits = limits.write_stall(time),
            "--drain-delay" => limits = limits.drain_delay(time),
            "--idle" => limits = limits.idle(time),
            "--header-bytes" => limits = limits.header_bytes(usize::try_from(value)?),
            "--connections" => limits = limits.connections(usize::try_from(value)?),
            "--per-address" => limits = limits.connections_per_address(usize::try_from(value)?),
            _ => return Err(Error::msg(format!("`{arg}` is not known"))),
        }
    }
    behaviour::app_at(limits, threading, workers, places).run(("127.0.0.1", port))
}
