//! What is asked: random paths of each class, with the right answer.

use cello_routing::{Methods, Pattern, Segment};

use crate::random::Random;
use crate::reference::Reference;
use crate::sets::RouteSet;

/// The methods of all sets. A query names one by its index.
pub const METHODS: [(&str, Methods); 5] = [
    ("GET", Methods::GET),
    ("POST", Methods::POST),
    ("PUT", Methods::PUT),
    ("PATCH", Methods::PATCH),
    ("DELETE", Methods::DELETE),
];

/// What a path meets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Static,
    One,
    Two,
    Three,
    Rest,
    Miss,
}

/// The classes, and how many of a hundred queries of the mix are of each.
pub const CLASSES: [(Class, &str, usize); 6] = [
    (Class::Static, "static", 30),
    (Class::One, "1 param", 30),
    (Class::Two, "2 params", 15),
    (Class::Three, "3 or more", 10),
    (Class::Rest, "rest", 5),
    (Class::Miss, "miss", 10),
];

/// Queries in the order in which they are asked, their paths one behind the other.
#[derive(Debug, Default)]
pub struct Queries {
    paths: String,
    queries: Vec<Query>,
}

#[derive(Debug)]
struct Query {
    method: usize,
    end: usize,
    expected: Option<usize>,
}

impl Queries {
    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// Method and path of each.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut start = 0;
        self.queries.iter().map(move |query| {
            let path = &self.paths[start..query.end];
            start = query.end;
            (query.method, path)
        })
    }

    /// Method, path and right route of each.
    pub fn with_answers(&self) -> impl Iterator<Item = (usize, &str, Option<usize>)> {
        self.iter().zip(&self.queries).map(|((method, path), query)| (method, path, query.expected))
    }

    fn push(&mut self, method: usize, path: &str, expected: Option<usize>) {
        self.paths.push_str(path);
        self.queries.push(Query { method, end: self.paths.len(), expected });
    }
}

/// Makes queries for one set.
pub struct Source<'s> {
    set: &'s RouteSet,
    reference: &'s Reference,
    /// For each route the index of its method.
    methods: Vec<usize>,
    /// The routes of each class but the misses.
    routes: [Vec<usize>; CLASSES.len()],
}

impl<'s> Source<'s> {
    pub fn of(set: &'s RouteSet, reference: &'s Reference) -> Self {
        let mut routes = [const { Vec::new() }; CLASSES.len()];
        for (index, row) in set.rows.iter().enumerate() {
            routes[class_of(row.pattern) as usize].push(index);
        }
        let method =
            |methods| METHODS.iter().position(|&(_, method)| method == methods).expect("one of the methods");
        Self { set, reference, methods: set.rows.iter().map(|row| method(row.methods)).collect(), routes }
    }

    pub fn has(&self, class: Class) -> bool {
        class == Class::Miss || !self.routes[class as usize].is_empty()
    }

    /// Queries of one class.
    pub fn of_class(&self, class: Class, count: usize, random: &mut Random) -> Queries {
        let mut queries = Queries::default();
        for _ in 0..count {
            self.push(class, random, &mut queries);
        }
        queries
    }

    /// Queries of all classes that the set has, by their shares.
    pub fn mix(&self, count: usize, random: &mut Random) -> Queries {
        let classes: Vec<_> = CLASSES
            .iter()
            .filter(|class| self.has(class.0))
            .flat_map(|class| vec![class.0; class.2])
            .collect();
        let mut queries = Queries::default();
        for _ in 0..count {
            self.push(*random.pick(&classes), random, &mut queries);
        }
        queries
    }

    fn push(&self, class: Class, random: &mut Random, queries: &mut Queries) {
        loop {
            let route = match class {
                Class::Miss => random.below(self.set.rows.len()),
                _ => *random.pick(&self.routes[class as usize]),
            };
            let method = self.methods[route];
            let mut path = path(self.set.rows[route].pattern, random);
            if class == Class::Miss {
                spoil(&mut path, random);
            }
            let found = self.reference.find(METHODS[method].1, &path);
            // What is spoiled may meet another route, and a random value a literal.
            let expected = (class != Class::Miss).then_some(route);
            if found == expected && (class != Class::Miss || !self.reference.knows(&path)) {
                return queries.push(method, &path, expected);
            }
        }
    }
}

fn class_of(pattern: &str) -> Class {
    let pattern = Pattern::parse(pattern).expect("the table has it too");
    let mut params = 0;
    for segment in pattern.segments() {
        match segment {
            Segment::Rest { .. } => return Class::Rest,
            Segment::Param { .. } => params += 1,
            Segment::Literal(_) => {}
        }
    }
    match params {
        0 => Class::Static,
        1 => Class::One,
        2 => Class::Two,
        _ => Class::Three,
    }
}

/// A path that the pattern matches.
fn path(pattern: &str, random: &mut Random) -> String {
    let mut path = String::new();
    for segment in Pattern::parse(pattern).expect("the table has it too").segments() {
        path.push('/');
        match segment {
            Segment::Literal(literal) => path.push_str(literal),
            Segment::Param { prefix, suffix, .. } => path += &format!("{prefix}{}{suffix}", value(random)),
            Segment::Rest { .. } => {
                path.push_str(&value(random));
                for _ in 0..random.below(4) {
                    path = format!("{path}/{}", value(random));
                }
            }
        }
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// What stands for a parameter: mostly numbers and names, sometimes a hash.
fn value(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
    let (digits, len) = match random.below(10) {
        0..5 => (b"0123456789".as_slice(), 1 + random.below(7)),
        5..9 => (LETTERS, 3 + random.below(12)),
        _ => (b"0123456789abcdef".as_slice(), 40),
    };
    (0..len).map(|_| char::from(*random.pick(digits))).collect()
}

/// Makes a path that is probably nobody's.
fn spoil(path: &mut String, random: &mut Random) {
    match random.below(4) {
        // A segment too many.
        0 => *path = format!("{}/{}", path.trim_end_matches('/'), value(random)),
        // The last segment is another, or missing.
        1 => path.truncate(path.rfind('/').unwrap_or(0).max(1)),
        2 => {
            path.truncate(path.rfind('/').unwrap_or(0));
            *path = format!("{path}/{}", value(random));
        }
        // Two letters have changed places.
        _ => {
            let mut bytes = path.clone().into_bytes();
            let at = 1 + random.below(bytes.len());
            if at + 1 < bytes.len() && bytes[at] != b'/' && bytes[at + 1] != b'/' {
                bytes.swap(at, at + 1);
            }
            *path = String::from_utf8(bytes).expect("ASCII");
        }
    }
}
