//! The rule of `Table`, as plainly as it can be written: every route is tried, and the best one is taken.
//! It shares the parsed pattern with the table, and no code that matches.

use std::cmp::Reverse;
use std::ops::Range;

use cello_routing::{Methods, Pattern, Route, Segment};

/// What `Table::lookup` ought to answer, with methods by their names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    Found { route: usize, captures: Vec<Range<usize>>, trailing_slash: bool },
    Options(Vec<String>),
    MethodNotAllowed(Vec<String>),
    UnknownMethod(Vec<String>),
    NotFound,
    BadEscape(usize),
    BadUtf8(usize),
}

const STANDARD: [(&str, Methods); 9] = [
    ("GET", Methods::GET),
    ("HEAD", Methods::HEAD),
    ("POST", Methods::POST),
    ("PUT", Methods::PUT),
    ("PATCH", Methods::PATCH),
    ("DELETE", Methods::DELETE),
    ("OPTIONS", Methods::OPTIONS),
    ("CONNECT", Methods::CONNECT),
    ("TRACE", Methods::TRACE),
];

/// Looks a request up. All patterns must be right and no two routes in conflict.
pub fn lookup(routes: &[Route<'_>], method: &str, path: &[u8]) -> Answer {
    if let Some(fault) = malformed(path) {
        return fault;
    }
    let mut best = None;
    let mut allowed: Vec<String> = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        let pattern = parse(route.pattern);
        let Some((captures, trailing_slash)) = matches(&pattern, path) else { continue };
        allowed.extend(methods(route));
        let own = methods(route).iter().any(|name| name == method);
        let rank = match () {
            () if own => 0,
            () if method == "HEAD" && route.methods.contains(Methods::GET) => 1,
            () if route.methods.contains(Methods::ANY) => 2,
            () => continue,
        };
        let candidate = (precedence(&pattern), rank, index, captures, trailing_slash);
        best = match best {
            Some(other) if other < candidate => Some(other),
            _ => Some(candidate),
        };
    }
    if let Some((_, _, route, captures, trailing_slash)) = best {
        let captures = captures.into_iter().map(|(start, end)| start..end).collect();
        return Answer::Found { route, captures, trailing_slash };
    }
    if allowed.is_empty() {
        return Answer::NotFound;
    }
    if allowed.iter().any(|name| name == "GET") {
        allowed.push("HEAD".to_owned());
    }
    allowed.push("OPTIONS".to_owned());
    allowed.sort();
    allowed.dedup();
    let known = STANDARD.iter().any(|(name, _)| *name == method)
        || routes.iter().any(|route| route.extension_methods.contains(&method));
    match method {
        "OPTIONS" => Answer::Options(allowed),
        _ if known => Answer::MethodNotAllowed(allowed),
        _ => Answer::UnknownMethod(allowed),
    }
}

/// The pairs of routes that answer the same request.
pub fn conflicts(routes: &[Route<'_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (second, b) in routes.iter().enumerate() {
        for (first, a) in routes[..second].iter().enumerate() {
            let any = a.methods.contains(Methods::ANY) && b.methods.contains(Methods::ANY);
            let shared = any || methods(a).iter().any(|name| methods(b).contains(name));
            if shared && shape(&parse(a.pattern)) == shape(&parse(b.pattern)) {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

/// The names of the methods that the route itself takes, without ANY.
fn methods(route: &Route<'_>) -> Vec<String> {
    let standard =
        STANDARD.iter().filter(|(_, bit)| route.methods.contains(*bit)).map(|(name, _)| (*name).to_owned());
    standard.chain(route.extension_methods.iter().map(|name| (*name).to_owned())).collect()
}

/// The pattern with its names erased.
fn shape(pattern: &Pattern<'_>) -> Vec<(u8, String, String)> {
    pattern
        .segments()
        .map(|segment| match segment {
            Segment::Literal(text) => (0, text.to_owned(), String::new()),
            Segment::Param { prefix, suffix, .. } => (1, prefix.to_owned(), suffix.to_owned()),
            Segment::Rest { .. } => (2, String::new(), String::new()),
        })
        .collect()
}

type Rank = (u8, Reverse<usize>, Reverse<usize>);

/// What comes first is smaller. Only patterns that match the same path are compared.
fn precedence(pattern: &Pattern<'_>) -> Vec<Rank> {
    let rank = |kind, affixes, prefix| (kind, Reverse(affixes), Reverse(prefix));
    let mut ranks = Vec::new();
    for segment in pattern.segments() {
        ranks.push(match segment {
            Segment::Literal(_) => rank(1, 0, 0),
            Segment::Param { prefix: "", suffix: "", .. } => rank(3, 0, 0),
            Segment::Param { prefix, suffix, .. } => rank(2, prefix.len() + suffix.len(), prefix.len()),
            Segment::Rest { .. } => rank(4, 0, 0),
        });
    }
    ranks.push(rank(0, 0, 0)); // the end, before a rest parameter that is empty
    ranks
}

type Captured = (Vec<(usize, usize)>, bool);

/// The captures, and whether a slash at the end was ignored.
fn matches(pattern: &Pattern<'_>, path: &[u8]) -> Option<Captured> {
    if path.first() != Some(&b'/') {
        return None;
    }
    // All segments as ranges: `/a//` has `a`, an empty one and another empty one.
    let mut segments = Vec::new();
    let mut start = 1;
    for at in 1..=path.len() {
        if at == path.len() || path[at] == b'/' {
            segments.push((start, at));
            start = at + 1;
        }
    }
    let mut captures = Vec::new();
    let mut taken = 0;
    for segment in pattern.segments() {
        if let Segment::Rest { .. } = segment {
            // `/x` matches `/x/<rest..>` too.
            let from = segments.get(taken).map_or(path.len(), |(start, _)| *start);
            captures.push((from, path.len()));
            return Some((captures, false));
        }
        let (start, end) = *segments.get(taken)?;
        if start == end {
            return None;
        }
        let units = units(path, start, end);
        match segment {
            Segment::Literal(text) if spelling(&units) == text => {}
            Segment::Param { prefix, suffix, .. } => captures.push(affixed(&units, prefix, suffix)?),
            Segment::Literal(_) | Segment::Rest { .. } => return None,
        }
        taken += 1;
    }
    match &segments[taken..] {
        [] => Some((captures, false)),
        [(start, end)] if start == end => Some((captures, taken > 0)),
        _ => None,
    }
}

/// One character or escape of the path: its normal form, and where it is.
type Unit = (String, usize, usize);

fn units(path: &[u8], start: usize, end: usize) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut at = start;
    while at < end {
        if path[at] == b'%' {
            let digits = String::from_utf8(path[at + 1..at + 3].to_vec()).unwrap_or_default();
            let byte = u8::from_str_radix(&digits, 16).unwrap_or_default();
            let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let normal = if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") };
            units.push((normal, at, at + 3));
            at += 3;
        } else {
            units.push((char::from(path[at]).to_string(), at, at + 1));
            at += 1;
        }
    }
    units
}

fn spelling(units: &[Unit]) -> String {
    units.iter().map(|(normal, _, _)| normal.as_str()).collect()
}

fn affixed(units: &[Unit], prefix: &str, suffix: &str) -> Option<(usize, usize)> {
    // A unit has a byte at least, so no more units than bytes can spell an affix.
    let start = (0..=units.len().min(prefix.len())).find(|&len| spelling(&units[..len]) == prefix)?;
    let len =
        (0..=units.len().min(suffix.len())).find(|&len| spelling(&units[units.len() - len..]) == suffix)?;
    let end = units.len() - len;
    if start >= end {
        return None;
    }
    Some((units[start].1, units[end - 1].2))
}

fn malformed(path: &[u8]) -> Option<Answer> {
    let mut decoded = Vec::new();
    let mut offsets = Vec::new();
    let mut at = 0;
    while at < path.len() {
        offsets.push(at);
        if path[at] == b'%' {
            let digits = path.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            let Some(digits) = digits else { return Some(Answer::BadEscape(at)) };
            let digits = String::from_utf8(digits.to_vec()).unwrap_or_default();
            decoded.push(u8::from_str_radix(&digits, 16).unwrap_or_default());
            at += 3;
        } else {
            decoded.push(path[at]);
            at += 1;
        }
    }
    let error = std::str::from_utf8(&decoded).err()?;
    Some(Answer::BadUtf8(offsets[error.valid_up_to()]))
}

fn parse(pattern: &str) -> Pattern<'_> {
    Pattern::parse(pattern).unwrap_or_else(|error| panic!("{error}"))
}
