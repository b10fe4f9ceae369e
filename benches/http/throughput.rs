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

/// Prints the requests per second of each server, and their ratios to bare hyper: the median of those of each round. Rounds are short
/// and many; each begins with another server and goes the other way round, so that what else happens on the machine touches all alike.
pub(crate) fn print(short: bool) -> Result<(), Fault> {
    let servers =
        Server::ALL.into_iter().map(|server| Process::start(server, &[])).collect::<Result<Vec<_>, _>>()?;
    check_answers(&servers)?;
    let (rounds, length, connections) =
        if short { (1, Duration::from_millis(20), 2) } else { (50, Duration::from_millis(60), 32) };
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
        "requests per second on {connections} connections, one server thread, median of {rounds}; beside it the ratio to hyper"
    );
    print!("{:<36}", "");
    for server in Server::ALL {
        print!("{:>24}", server.name());
    }
    println!();
    for Load { name, request, at_once } in loads {
        let mut rates: Vec<Vec<f64>> = vec![Vec::new(); servers.len()];
        for round in 0..rounds {
            for turn in 0..servers.len() {
                let step = if round % 2 == 0 { turn } else { servers.len() - turn };
                let server = (round + step) % servers.len();
                rates[server].push(throughput(
                    servers[server].address,
                    &request,
                    connections,
                    at_once,
                    length,
                )?);
            }
        }
        print!("{name:<36}");
        for of_server in &rates {
            let ratios = of_server.iter().zip(&rates[0]).map(|(rate, hyper)| rate / hyper).collect();
            print!("{:>17.0} {:>6.2}", median(of_server.clone()), median(ratios));
        }
        println!();
    }
    servers.into_iter().try_for_each(|process| Ok(process.end()?))
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
