//! Instructions in user mode per request, counted by callgrind: of two runs, one with more requests than the other, the
//! difference.

use std::path::{Path, PathBuf};

use crate::load::{Asker, Client, ENDPOINTS, Endpoint};
use crate::on_cello::STACKS;
use crate::{Fault, Process, Server};

/// The servers and who asks them. The stack is asked by a page, so that it has something to do.
const COLUMNS: [(Server, Asker); 5] = [
    (Server::Hyper, Asker::Program),
    (Server::Cello, Asker::Program),
    (Server::Axum, Asker::Program),
    (Server::Hyper, Asker::Page),
    (Server::CelloStack, Asker::Page),
];

pub(crate) fn print(short: bool) -> Result<(), Fault> {
    let (few, more) = requests(short);
    println!(
        "instructions per request in user mode, difference of {more} and {few} requests on one connection"
    );
    print!("{:<36}", "");
    for (server, _) in COLUMNS {
        print!("{:>24}", server.name());
    }
    println!("\n{:<36}{:>72}{:>48}", "", "asked by a program", "asked by a page of another origin");
    let mut products = [1.0; COLUMNS.len()];
    for endpoint in ENDPOINTS {
        print!("{:<36}", endpoint.name);
        let mut hyper = f64::NAN;
        for ((server, asker), product) in COLUMNS.iter().zip(&mut products) {
            let counted = |requests| count(*server, endpoint, *asker, requests);
            let per_request = (counted(more)? - counted(few)?) / (more - few) as f64;
            if *server == Server::Hyper {
                hyper = per_request;
            }
            *product *= per_request / hyper;
            print!("{per_request:>17.0} {:>6.3}", per_request / hyper);
        }
        println!();
    }
    print!("{:<36}", "geometric mean");
    for product in products {
        print!("{:>24.3}", product.powf(1.0 / ENDPOINTS.len() as f64));
    }
    println!();
    Ok(())
}

/// What each stack adds to a plain answer, asked for by a page.
pub(crate) fn print_members(short: bool) -> Result<(), Fault> {
    let (few, more) = requests(short);
    let endpoint = ENDPOINTS[0];
    let per_request = |server| -> Result<f64, Fault> {
        let counted = |requests| count(server, endpoint, Asker::Page, requests);
        Ok((counted(more)? - counted(few)?) / (more - few) as f64)
    };
    let hyper = per_request(Server::Hyper)?;
    println!("instructions per request in user mode: {}, asked by a page of another origin", endpoint.name);
    println!("{:<56}{:>10}{:>10}{:>22}", "", "in all", "added", "of bare hyper's");
    println!("{:<56}{hyper:>10.0}", "bare hyper");
    let mut bare = f64::NAN;
    for (number, stack) in STACKS.iter().enumerate() {
        let all = per_request(Server::Stack(stack))?;
        if number == 0 {
            bare = all;
        }
        let added = all - bare;
        println!("{stack:<56}{all:>10.0}{added:>10.0}{:>22.3}", added / hyper);
    }
    Ok(())
}

/// The numbers of requests of the two runs.
fn requests(short: bool) -> (usize, usize) {
    if short { (20, 40) } else { (500, 2500) }
}

/// All instructions of a server that answers so many requests, from its start to its end.
fn count(server: Server, endpoint: Endpoint, asker: Asker, requests: usize) -> Result<f64, Fault> {
    let out = Out::new();
    let option = format!("--callgrind-out-file={}", out.0.display());
    let process = Process::start(server, &["valgrind", "--quiet", "--tool=callgrind", &option])?;
    Client::connect(process.address)?.repeat(&endpoint.request(asker), requests)?;
    process.end()?;
    total(&out.0)
}

/// The file that callgrind writes; removed when dropped.
struct Out(PathBuf);

impl Out {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("cello-instructions-{}", std::process::id())))
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn total(path: &Path) -> Result<f64, Fault> {
    let text = std::fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    Ok(line.ok_or("callgrind wrote no summary")?.trim().parse()?)
}
