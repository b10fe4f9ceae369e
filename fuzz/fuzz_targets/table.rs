//! The table answers as the oracle does, within its bound, be what is alike shared or not.
//!
//! The input is a line with the path, then for each route a line of a byte that chooses its methods and its
//! pattern, and whether there is the same below other literals. With a `!` before the path most parameters stand behind many literals, so that
//! what paths begin with is looked up as a long text.
#![no_main]

#[path = "../../cello-routing/tests/support/mod.rs"]
mod support;

use cello_routing::{Methods, Origin, Pattern, Route, TableBuf};
use libfuzzer_sys::fuzz_target;
use support::{agree, oracle};

/// Below these a route is repeated. What is behind them is behind two and more literals, long ones with one key among them, and where something was left aside.
const BELOW: [&str; 6] =
    ["/b", "/c/d", "/a/resourc-1-resou-1-and-more", "/a/resourc-2-resou-2-and-more", "/<p>", "/c/<q>.d"];

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let path = lines.next().unwrap_or_default();
    let (is_deep, path) = match path {
        [b'!', path @ ..] => (true, path),
        path => (false, path),
    };
    let mut rows: Vec<Row> = lines.take(32).flat_map(rows).take(64).collect();
    if is_deep {
        let deep = |below: &&str| {
            let pattern = |number| format!("{below}/l/m/{number}/<deep>");
            (0..6).map(pattern).map(|pattern| Row { methods: 1, pattern }).collect::<Vec<_>>()
        };
        rows.extend(BELOW[..2].iter().flat_map(deep));
    }
    let mut routes: Vec<Route<'_>> = rows.iter().filter_map(route).collect();

    let conflicts = oracle::conflicts(&routes);
    assert_eq!(TableBuf::freeze(&routes).is_err(), !conflicts.is_empty());
    let mut index = 0;
    routes.retain(|_| {
        index += 1;
        !conflicts.iter().any(|(_, second)| *second == index - 1)
    });
    for freeze in [TableBuf::freeze, TableBuf::freeze_sharing] {
        let Ok(table) = freeze(&routes) else { panic!("refused without a conflict") };
        for method in ["GET", "HEAD", "PUT", "OPTIONS", "BREW", "UNKNOWN"] {
            agree(&table.table(), &routes, method, path);
        }
    }
});

struct Row {
    methods: u8,
    pattern: String,
}

/// The rows of a line: the first byte chooses the methods, and by its high bits where they are repeated.
fn rows(line: &[u8]) -> Vec<Row> {
    let Some((&methods, pattern)) = line.split_first() else { return Vec::new() };
    let Ok(pattern) = std::str::from_utf8(pattern) else { return Vec::new() };
    let below: &[&str] = match methods >> 6 {
        0 => &[],
        1 => &BELOW[..2],
        2 => &BELOW[1..4],
        _ => &BELOW,
    };
    let repeated =
        |below: &&str| Row { methods, pattern: format!("{below}{}", pattern.trim_end_matches('/')) };
    // A parameter at the root would be left aside on the way to everything, and then nothing is shared.
    let own = (methods >> 6 != 1).then(|| Row { methods, pattern: pattern.to_owned() });
    own.into_iter().chain(below.iter().map(repeated)).collect()
}

/// The route of a row, if its pattern is right.
fn route(row: &Row) -> Option<Route<'_>> {
    let Row { methods, pattern } = row;
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
