//! Requests per second, of all servers in turn.

use std::time::Duration;

use crate::load::{Asker, Client, ENDPOINTS, throughput};
use crate::{Fault, Process, Server};

/// One load: requests at once on each connection.
struct Load {
    name: String,
    request: Vec<u8>,
    at_once: usize,
}

/// How much is measured.
#[derive(Clone, Copy)]
struct Effort {
    /// How often the servers are started.
    starts: usize,
    /// How often each is asked between.
    rounds: usize,
    length: Duration,
    connections: usize,
}

/// Prints the requests per second of each server, and their ratios to bare hyper: the median of those of each round. Rounds are short
/// and many; each begins with another server and goes the other way round, so that what else happens on the machine touches all alike.
/// And the servers are started several times: where the memory of a process comes to lie is worth some percent, for as long as it runs.
pub(crate) fn print(short: bool) -> Result<(), Fault> {
    let effort = match short {
        true => Effort { starts: 1, rounds: 1, length: Duration::from_millis(20), connections: 2 },
        false => Effort { starts: 10, rounds: 5, length: Duration::from_millis(60), connections: 32 },
    };
    check_answers(&started()?)?;
    let mut loads: Vec<_> = ENDPOINTS
        .iter()
        .map(|endpoint| Load {
            name: endpoint.name.to_owned(),
            request: endpoint.request(Asker::Program),
            at_once: 1,
        })
        .collect();
    let plain = ENDPOINTS[0].request(Asker::Program);
    loads.push(Load { name: "GET / (plain text), 16 at once".to_owned(), request: plain, at_once: 16 });

    println!(
        "requests per second on {} connections, one server thread, median of {} rounds, {} with each start; beside it the ratio to hyper",
        effort.connections,
        effort.starts * effort.rounds,
        effort.rounds
    );
    print!("{:<36}", "");
    for server in Server::ALL {
        print!("{:>24}", server.name());
    }
    println!();
    for load in loads {
        let mut rates: Vec<Vec<f64>> = vec![Vec::new(); Server::ALL.len()];
        for start in 0..effort.starts {
            measure(&load, effort, start, &mut rates)?;
        }
        print!("{:<36}", load.name);
        for of_server in &rates {
            let ratios = of_server.iter().zip(&rates[0]).map(|(rate, hyper)| rate / hyper).collect();
            print!("{:>17.0} {:>6.2}", median(of_server.clone()), median(ratios));
        }
        println!();
    }
    Ok(())
}

/// Starts the servers, lets each answer for a while, then measures them in turn.
fn measure(load: &Load, effort: Effort, start: usize, rates: &mut [Vec<f64>]) -> Result<(), Fault> {
    let servers = started()?;
    let ask = |server: usize| {
        let Effort { length, connections, .. } = effort;
        throughput(servers[server].address, &load.request, connections, load.at_once, length)
    };
    for server in 0..servers.len() {
        ask(server)?;
    }
    for round in start * effort.rounds..(start + 1) * effort.rounds {
        for turn in 0..servers.len() {
            let step = if round % 2 == 0 { turn } else { servers.len() - turn };
            let server = (round + step) % servers.len();
            rates[server].push(ask(server)?);
        }
    }
    servers.into_iter().try_for_each(|process| Ok(process.end()?))
}

fn started() -> Result<Vec<Process>, Fault> {
    Server::ALL.into_iter().map(|server| Process::start(server, &[])).collect()
}

/// All servers answer the same, or they would not do the same work.
fn check_answers(servers: &[Process]) -> Result<(), Fault> {
    for endpoint in ENDPOINTS {
        let mut expected = None;
        for (server, process) in Server::ALL.iter().zip(servers) {
            let answer = Client::connect(process.address)?.ask(&endpoint.request(Asker::Page))?;
            let expected = expected.get_or_insert(answer);
            let answer = Client::connect(process.address)?.ask(&endpoint.request(Asker::Program))?;
            if answer != *expected || answer.body.is_empty() {
                let name = server.name();
                return Err(
                    format!("{name} answers {answer:?} to {}, not {expected:?}", endpoint.name).into()
                );
            }
        }
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
