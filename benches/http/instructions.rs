//! Instructions in user mode per request, counted by callgrind: of two runs, one with more requests than the other, the
//! difference.

use std::path::{Path, PathBuf};

use crate::load::{Asker, Client, ENDPOINTS, Endpoint};
use crate::on_cello::{STACKS, TOGETHER};
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

/// The most that logging, CORS, request ids, security headers, metrics and a timeout may add together, of a request of bare hyper.
const MOST_TOGETHER: f64 = 0.35;

/// What each stack adds to a plain answer, asked for by a page.
pub(crate) fn print_members(short: bool) -> Result<(), Fault> {
    let counted = Members::begin(short)?;
    println!("{:<56}{:>10}{:>10}{:>22}", "", "in all", "added", "of bare hyper's");
    println!("{:<56}{:>10.0}", "bare hyper", counted.hyper);
    for stack in STACKS {
        counted.print(stack)?;
    }
    Ok(())
}

/// The same for the members together that have a bound.
///
/// # Errors
/// When it is exceeded.
pub(crate) fn gate(short: bool) -> Result<(), Fault> {
    let added = Members::begin(short)?.print(TOGETHER)?;
    if added.is_nan() || added > MOST_TOGETHER {
        return Err(format!("{TOGETHER}: {added:.3} of bare hyper's request, at most {MOST_TOGETHER}").into());
    }
    println!("at most {MOST_TOGETHER}: held");
    Ok(())
}

struct Members {
    short: bool,
    hyper: f64,
    /// Without middleware.
    bare: f64,
}

impl Members {
    fn begin(short: bool) -> Result<Self, Fault> {
        println!(
            "instructions per request in user mode: {}, asked by a page of another origin",
            ENDPOINTS[0].name
        );
        let hyper = Self::per_request(Server::Hyper, short)?;
        let bare = Self::per_request(Server::Stack(STACKS[0]), short)?;
        Ok(Self { short, hyper, bare })
    }

    fn per_request(server: Server, short: bool) -> Result<f64, Fault> {
        let (few, more) = requests(short);
        let counted = |requests| count(server, ENDPOINTS[0], Asker::Page, requests);
        Ok((counted(more)? - counted(few)?) / (more - few) as f64)
    }

    /// What a stack adds, of a request of bare hyper.
    fn print(&self, stack: &'static str) -> Result<f64, Fault> {
        let all = Self::per_request(Server::Stack(stack), self.short)?;
        let added = all - self.bare;
        let ratio = added / self.hyper;
        println!("{stack:<56}{all:>10.0}{added:>10.0}{ratio:>22.3}");
        Ok(ratio)
    }
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
