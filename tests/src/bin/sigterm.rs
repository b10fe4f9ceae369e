//! Stops a server under load, again and again, and prints what became of the requests.
//!
//! `sigterm [--runs n] [--clients n] [--path path] [--http2] [-- program arguments...]`
//!
//! Without a program it is the server of the tests, in both threading modes; another one is asked in HTTP/2 only where
//! `--http2` says that it speaks that. The program prints
//! `Listening on http://...` to standard error, as every application does that is started with `run`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table

use behaviour::load::{self, Kind};
use behaviour::{MODES, Process};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut runs, mut clients, mut path, mut program) = (20, 64, "/".to_owned(), Vec::new());
    let mut http2 = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--runs" => runs = args.next().unwrap_or_default().parse()?,
            "--clients" => clients = args.next().unwrap_or_default().parse()?,
            "--path" => path = args.next().unwrap_or_default(),
            "--http2" => http2 = true,
            "--" => program.extend(args.by_ref()),
            _ => return Err(format!("`{arg}` is not known").into()),
        }
    }
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Http2 || http2 || program.is_empty());
    let kinds: Vec<Kind> = kinds.collect();
    let mut targets = vec![program];
    if targets[0].is_empty() {
        let own = std::env::current_exe()?.with_file_name("target-server").display().to_string();
        targets = MODES
            .iter()
            .map(|mode| std::iter::once(own.clone()).chain(mode.iter().map(|&arg| arg.to_owned())).collect())
            .collect();
    }
    let mut failed = 0;
    for target in &targets {
        println!("{}, {clients} clients, GET {path}", target.join(" "));
        println!("load          run  answered  of these   lost   exit       took");
        println!("                               late             code");
        for &kind in &kinds {
            for run in 1..=runs {
                let args: Vec<&str> = target[1..].iter().map(String::as_str).collect();
                let outcome = load::run(Process::start(&target[0], &args), kind, clients, &path, 2_000);
                println!("{:<12} {run:>4} {outcome}", format!("{kind:?}"));
                failed += u64::from(outcome.lost > 0 || !outcome.status.success());
            }
        }
    }
    if failed > 0 { Err(format!("{failed} runs lost requests or failed").into()) } else { Ok(()) }
}
