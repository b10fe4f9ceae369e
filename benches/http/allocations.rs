//! Allocations per request: of two runs, one with more requests than the other, the difference.
//!
//! The server runs on the thread that is counted, the client on another one. `cargo bench -p benches --bench allocations`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout)] // it is a program that prints a table
#![allow(dead_code)] // the other benchmark uses the rest

mod data;
mod load;
mod on_actix;
mod on_axum;
mod on_cello;
mod on_hyper;
mod server;

use std::net::TcpListener;

use load::{Asker, Client, ENDPOINTS, Endpoint};
use server::Server;

type Fault = Box<dyn std::error::Error + Send + Sync>;

const COLUMNS: [(Server, Asker); 4] = [
    (Server::Hyper, Asker::Program),
    (Server::Cello, Asker::Program),
    (Server::CelloStack, Asker::Page),
    (Server::Axum, Asker::Program),
];

fn main() -> Result<(), Fault> {
    let filter = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    if filter.is_some_and(|filter| !"allocations".contains(&filter) && filter != "http") {
        return Ok(()); // `cargo bench routing` means another benchmark
    }
    println!("allocations per request");
    print!("{:<36}", "");
    for (server, _) in COLUMNS {
        print!("{:>24}", server.name());
    }
    println!();
    for endpoint in ENDPOINTS {
        print!("{:<36}", endpoint.name);
        for (server, asker) in COLUMNS {
            let counted = |requests| count(server, endpoint, asker, requests);
            print!("{:>24.2}", (counted(1200)? - counted(200)?) as f64 / 1000.0);
        }
        println!();
    }
    Ok(())
}

/// All allocations of a server that answers so many requests.
fn count(server: Server, endpoint: Endpoint, asker: Asker, requests: usize) -> Result<i64, Fault> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (done, is_done) = tokio::sync::oneshot::channel();
    let client = std::thread::spawn(move || {
        let result =
            Client::connect(address).and_then(|mut client| client.repeat(&endpoint.request(asker), requests));
        let _ = done.send(());
        result
    });
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            tokio::spawn(server.serve(listener));
            let _ = is_done.await;
        });
    });
    client.join().map_err(|_| "the client panicked")??;
    Ok(i64::try_from(counted.count_total)?)
}
