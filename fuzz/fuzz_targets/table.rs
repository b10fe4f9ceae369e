//! The table answers as the oracle does, within its bound.
//!
//! The input is a line with the path, then for each route a line of a byte that chooses its methods and its
//! pattern.
#![no_main]

#[path = "../../cello-routing/tests/support/mod.rs"]
mod support;

use cello_routing::{Methods, Origin, Pattern, Route, TableBuf};
use libfuzzer_sys::fuzz_target;
use support::{agree, oracle};

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let path = lines.next().unwrap_or_default();
    let mut routes: Vec<Route<'_>> = lines.take(32).filter_map(route).collect();

    let conflicts = oracle::conflicts(&routes);
    assert_eq!(TableBuf::freeze(&routes).is_err(), !conflicts.is_empty());
    let mut index = 0;
    routes.retain(|_| {
        index += 1;
        !conflicts.iter().any(|(_, second)| *second == index - 1)
    });
    let Ok(table) = TableBuf::freeze(&routes) else { panic!("refused without a conflict") };
    for method in ["GET", "HEAD", "PUT", "OPTIONS", "BREW", "UNKNOWN"] {
        agree(&table.table(), &routes, method, path);
    }
});

/// A route from a line, if its pattern is right. The first byte chooses the methods.
fn route(line: &[u8]) -> Option<Route<'_>> {
    let (methods, pattern) = line.split_first()?;
    let pattern = std::str::from_utf8(pattern).ok()?;
    Pattern::parse(pattern).ok()?;
    let mut set = Methods::NONE;
    for (bit, method) in
        [Methods::GET, Methods::HEAD, Methods::PUT, Methods::OPTIONS, Methods::ANY].into_iter().enumerate()
    {
        if methods & 1 << bit != 0 {
            set = set.with(method);
        }
    }
    let extension_methods: &[&str] = if set.is_empty() || methods & 1 << 5 != 0 { &["BREW"] } else { &[] };
    let origin = Origin { module: "", handler: "handler", file: "file", line: 1, column: 1 };
    Some(Route { prefix: None, pattern, methods: set, extension_methods, origin })
}
