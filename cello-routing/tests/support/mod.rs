//! Asking a table and the oracle the same question.
#![allow(dead_code, unreachable_pub, reason = "shared by test files, each of which uses its own part")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

pub mod oracle;

use cello_routing::{FreezeError, Lookup, MalformedKind, Methods, Origin, Pattern, Route, Table, TableBuf};
use oracle::Answer;

/// A row. `methods` are names separated by spaces, `ANY` among them.
pub fn route(methods: &'static str, pattern: &'static str, line: u32) -> Route<'static> {
    let mut known = Methods::NONE;
    let mut extensions = Vec::new();
    for name in methods.split_whitespace() {
        match Methods::standard(name) {
            Some(standard) => known = known.with(standard),
            None if name == "ANY" => known = known.with(Methods::ANY),
            None => extensions.push(name),
        }
    }
    let origin = Origin { module: "", handler: pattern, file: "src/routes.rs", line, column: 1 };
    Route { prefix: None, pattern, methods: known, extension_methods: Vec::leak(extensions), origin }
}

/// Rows of (methods, pattern), each on its own line.
pub fn routes(rows: &[(&'static str, &'static str)]) -> Vec<Route<'static>> {
    rows.iter().zip(1..).map(|((methods, pattern), line)| route(methods, pattern, line)).collect()
}

/// What the table of these rows answers to `METHOD path`, as text, after the oracle has agreed. In every
/// order of the rows.
///
/// A match is `METHODS pattern`, then ` name=value` for each parameter, then ` /` if a slash at the end was
/// ignored.
#[track_caller]
pub fn ask(rows: &[(&'static str, &'static str)], request: &str) -> String {
    let (method, path) = request.split_once(' ').unwrap_or_else(|| panic!("`METHOD path`, not `{request}`"));
    let forward = answer(&routes(rows), method, path.as_bytes());
    let reversed: Vec<_> = rows.iter().rev().copied().collect();
    assert_eq!(forward, answer(&routes(&reversed), method, path.as_bytes()), "the order of the rows decides");
    forward
}

#[track_caller]
fn answer(routes: &[Route<'static>], method: &str, path: &[u8]) -> String {
    match agreed(routes, method, path) {
        Answer::Found { route, captures, trailing_slash } => {
            let route = &routes[route];
            let mut names = standard_names(route);
            names.extend(route.extension_methods);
            let mut text = format!("{} {}", names.join(" "), route.pattern);
            let params =
                Pattern::parse(route.pattern).unwrap().segments().filter_map(|segment| segment.name());
            for (name, range) in params.zip(captures) {
                text += &format!(" {name}={}", String::from_utf8_lossy(&path[range]));
            }
            text + if trailing_slash { " /" } else { "" }
        }
        Answer::Options(methods) => format!("204 {}", methods.join(" ")),
        Answer::MethodNotAllowed(methods) => format!("405 {}", methods.join(" ")),
        Answer::UnknownMethod(methods) => format!("501 {}", methods.join(" ")),
        Answer::NotFound => "404".to_owned(),
        Answer::BadEscape(at) => format!("400 escape at {at}"),
        Answer::BadUtf8(at) => format!("400 UTF-8 at {at}"),
    }
}

fn standard_names(route: &Route<'static>) -> Vec<&'static str> {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "ANY"]
        .into_iter()
        .filter(|name| route.methods.contains(Methods::standard(name).unwrap_or(Methods::ANY)))
        .collect()
}

/// The answer of the table, which must be that of the oracle and within the bound, and that of the table in which everything is shared that is alike.
#[track_caller]
pub fn agreed(routes: &[Route<'_>], method: &str, path: &[u8]) -> Answer {
    let [table, sharing] = [TableBuf::freeze, TableBuf::freeze_sharing]
        .map(|freeze| freeze(routes).unwrap_or_else(|error| panic!("{error}")));
    agree(&sharing.table(), routes, method, path);
    agree(&table.table(), routes, method, path)
}

/// The same for a table that is frozen already.
#[track_caller]
pub fn agree(table: &Table<'_>, routes: &[Route<'_>], method: &str, path: &[u8]) -> Answer {
    let (lookup, steps) = table.lookup_counting(table.method(method), path);
    assert_eq!(lookup, table.lookup(method, path));
    assert!(steps <= table.bound(), "{steps} steps, bound {}", table.bound());
    if let Lookup::Found(found) = lookup {
        let escapes = found.captures.iter().any(|range| path[range].contains(&b'%'));
        assert_eq!(found.captures.have_escapes(), escapes);
    }
    let answer = in_names(table, lookup);
    let shown = String::from_utf8_lossy(path);
    assert_eq!(
        answer,
        oracle::lookup(routes, method, path),
        "table (left) and oracle (right) on {method} {shown}"
    );
    answer
}

fn in_names(table: &Table<'_>, lookup: Lookup) -> Answer {
    let names = |methods| {
        let mut names: Vec<_> = table.names(methods).map(str::to_owned).collect();
        names.sort();
        names
    };
    match lookup {
        Lookup::Found(found) => Answer::Found {
            route: found.route,
            captures: found.captures.iter().collect(),
            trailing_slash: found.trailing_slash,
        },
        Lookup::Options(methods) => Answer::Options(names(methods)),
        Lookup::MethodNotAllowed(methods) => Answer::MethodNotAllowed(names(methods)),
        Lookup::UnknownMethod(methods) => Answer::UnknownMethod(names(methods)),
        Lookup::NotFound => Answer::NotFound,
        Lookup::Malformed(fault) => match fault.kind {
            MalformedKind::Escape => Answer::BadEscape(fault.at),
            MalformedKind::Utf8 => Answer::BadUtf8(fault.at),
        },
    }
}

/// Freezes rows that must not be accepted.
#[track_caller]
pub fn refused<'r>(routes: &'r [Route<'r>]) -> FreezeError<'r> {
    TableBuf::freeze(routes).err().unwrap_or_else(|| panic!("these routes were accepted"))
}
