//! What the command line says.

use std::time::{SystemTime, UNIX_EPOCH};

pub struct Arguments {
    /// Of the queries: the same seed asks the same.
    pub seed: u64,
    /// The router whose instructions are counted, instead of a table.
    pub count: Option<String>,
    short: bool,
    set: Option<String>,
    filters: Vec<String>,
}

impl Arguments {
    /// Reads them, and ends the program if they are wrong.
    pub fn read() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_nanos() as u64);
        let mut read =
            Self { seed: now % 1_000_000, count: None, short: false, set: None, filters: Vec::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| usage(&argument));
            match argument.as_str() {
                "--bench" => {} // cargo says this to every bench
                "--short" => read.short = true,
                "--seed" => read.seed = value().parse().unwrap_or_else(|_| usage(&argument)),
                "--set" => read.set = Some(value()),
                "--count" => read.count = Some(value()),
                filter if !filter.starts_with('-') => read.filters.push(filter.to_owned()),
                other => usage(other),
            }
        }
        read
    }

    /// Whether the bench of that name is meant: `cargo bench NAME` says the name to all benches.
    pub fn chosen(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter.as_str()))
    }

    pub fn takes_set(&self, name: &str) -> bool {
        self.set.as_ref().is_none_or(|set| set == name)
    }

    pub fn queries(&self) -> usize {
        if self.short { 200 } else { 8_192 }
    }

    pub fn rounds(&self) -> usize {
        if self.short { 3 } else { 31 }
    }
}

fn usage(argument: &str) -> ! {
    eprintln!(
        "what is meant by `{argument}`?\nusage: cargo bench routing -- [--short] [--seed NUMBER] [--set NAME]"
    );
    std::process::exit(2)
}
