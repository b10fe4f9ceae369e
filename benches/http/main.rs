//! HTTP servers compared: bare hyper, Cello, axum, actix-web. See `benches/README.md`.
//!
//! `cargo bench http` prints throughputs; `-p benches --bench http -- --instructions` instructions per request, `--members` what
//! each member of the middleware stack adds to them, `--members --gate` fails if those that have a bound exceed it.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints tables

mod data;
mod instructions;
mod load;
mod on_actix;
mod on_axum;
mod on_cello;
mod on_hyper;
mod server;
mod throughput;

use server::{Process, Server};

type Fault = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Fault> {
    let mut args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let mut flag = |name: &str| {
        let before = args.len();
        args.retain(|arg| arg != name);
        args.len() < before
    };
    let (short, instructions) = (flag("--short"), flag("--instructions"));
    let (members, gate) = (flag("--members"), flag("--gate"));
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--serve", server] => server.parse::<Server>()?.run(),
        // `cargo bench routing` means another benchmark.
        [filter, ..] if !filter.starts_with('-') && !"http".contains(filter) => Ok(()),
        [] | [_] if members && gate => instructions::gate(short),
        [] | [_] if members => instructions::print_members(short),
        [] | [_] if instructions => instructions::print(short),
        [] | ["http"] => throughput::print(short),
        _ => Err("usage: [--short] [--instructions | --members [--gate]]".into()),
    }
}
