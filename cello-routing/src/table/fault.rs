//! What is wrong with a set of routes, in words.

use core::fmt;

use super::route::{Origin, Route};
use crate::methods::{ANY_BIT, MAX_EXTENSION_METHODS, MethodNames, Methods};
use crate::pattern::{Pattern, PatternError, PieceKind, Scanner};
use crate::text::{Text, slice};

/// Why a table could not be frozen: conflicts and other faults, the first eight of them.
///
/// Its text names for each fault the handlers, patterns, files and lines, and for a conflict a request that
/// both would answer.
#[derive(Clone, Copy)]
pub struct FreezeError<'r> {
    routes: &'r [Route<'r>],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    faults: Faults<'r>,
}

/// What is wrong with the routes of a draft, by their indices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults<'r> {
    shown: [Fault<'r>; SHOWN],
    count: usize,
}

/// How many faults are shown.
const SHOWN: usize = 8;

/// The text of all faults shown; what is longer is cut.
type Message = Text<8192>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Fault<'r> {
    Pattern {
        route: usize,
        error: PatternError<'r>,
    },
    /// The pattern and its prefix are right, but not together.
    Joined {
        route: usize,
    },
    Conflict {
        first: usize,
        second: usize,
        methods: u32,
    },
    NoMethod {
        route: usize,
    },
    NoToken {
        route: usize,
        name: &'r str,
    },
    TooManyMethods {
        route: usize,
        name: &'r str,
    },
}

impl<'r> Faults<'r> {
    pub(super) const NONE: Self = Self { shown: [Fault::NoMethod { route: 0 }; SHOWN], count: 0 };

    pub(super) const fn push(&mut self, fault: Fault<'r>) {
        if self.count < SHOWN {
            self.shown[self.count] = fault;
        }
        self.count += 1;
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether one of those that are shown names this route.
    pub(super) const fn concern(&self, index: usize) -> bool {
        let mut i = 0;
        while i < self.count && i < SHOWN {
            let (first, second) = match self.shown[i] {
                Fault::Conflict { first, second, .. } => (first, second),
                Fault::Pattern { route, .. }
                | Fault::Joined { route }
                | Fault::NoMethod { route }
                | Fault::NoToken { route, .. }
                | Fault::TooManyMethods { route, .. } => (route, route),
            };
            if first == index || second == index {
                return true;
            }
            i += 1;
        }
        false
    }
}

impl<'r> FreezeError<'r> {
    pub(super) const fn new(
        routes: &'r [Route<'r>],
        extensions: [&'r str; MAX_EXTENSION_METHODS],
        faults: Faults<'r>,
    ) -> Self {
        Self { routes, extensions, faults }
    }

    /// How many faults there are, those that are not shown included.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.faults.count
    }

    /// The pairs of routes in conflict, by their index, among the faults shown.
    pub fn conflicts(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.faults.shown.iter().take(self.faults.count).filter_map(|fault| match *fault {
            Fault::Conflict { first, second, .. } => Some((first, second)),
            Fault::Pattern { .. }
            | Fault::Joined { .. }
            | Fault::NoMethod { .. }
            | Fault::NoToken { .. }
            | Fault::TooManyMethods { .. } => None,
        })
    }

    /// Panics with the whole message: for const evaluation, where the panic is a compile error.
    ///
    /// # Panics
    /// Always.
    #[track_caller] // so that the compiler shows the caller, not this
    #[expect(clippy::panic, reason = "this is what it is for")]
    pub const fn panic(&self) -> ! {
        panic!("{}", self.message().as_str())
    }

    const fn message(&self) -> Message {
        let mut text = Message::new();
        let mut i = 0;
        while i < self.faults.count && i < SHOWN {
            if i > 0 {
                text.push("\n\n");
            }
            self.push_fault(&mut text, &self.faults.shown[i]);
            i += 1;
        }
        if self.faults.count > SHOWN {
            text.push("\n\nand ");
            text.push_number(self.faults.count - SHOWN);
            text.push(" more like these");
        }
        text
    }

    const fn push_fault(&self, text: &mut Message, fault: &Fault<'r>) {
        match *fault {
            Fault::Pattern { route, error } => self.push_pattern_error(text, route, &error),
            Fault::Joined { route } => {
                let Route { prefix, pattern, .. } = &self.routes[route];
                let mut joined = Message::new();
                joined.push_joined(*prefix, pattern);
                if let Err(error) = Pattern::parse(joined.as_str()) {
                    self.push_pattern_error(text, route, &error);
                }
            }
            Fault::Conflict { first, second, methods } => self.push_conflict(text, first, second, methods),
            Fault::NoMethod { route } => {
                text.push("this route takes no method");
                self.push_routes(text, &[route]);
            }
            Fault::NoToken { route, name } => {
                text.quote(
                    "`",
                    name,
                    "` cannot be the name of a method: letters, digits and !#$%&'*+-.^_`|~ only",
                );
                self.push_routes(text, &[route]);
            }
            Fault::TooManyMethods { route, name } => {
                text.quote("`", name, "` is one method too many: the routes of an application name at most 20 extension methods");
                self.push_routes(text, &[route]);
            }
        }
    }

    const fn push_pattern_error(&self, text: &mut Message, route: usize, error: &PatternError<'_>) {
        let origin = &self.routes[route].origin;
        push_origin(text, "in the pattern of `", origin);
        text.quote(": ", error.message().as_str(), "");
    }

    const fn push_conflict(&self, text: &mut Message, first: usize, second: usize, methods: u32) {
        let (a, b) = (&self.routes[first], &self.routes[second]);
        if a.same_handler(b) {
            push_handler(text, "`", &a.origin);
            text.push(" is mounted twice at one path, ");
            push_request(text, a, methods, &self.extensions);
            self.push_routes(text, &[first, second]);
            text.push(
                "\nhelp: name it once, alone or in one blueprint, or give one of the two a prefix of its own",
            );
            return;
        }
        text.push("two handlers answer the same request, ");
        push_request(text, a, methods, &self.extensions);
        self.push_routes(text, &[first, second]);
        text.push("\nhelp: change the path or the method of one; the names of parameters do not tell two paths apart");
    }

    /// One line for each route: pattern, handler, place.
    const fn push_routes(&self, text: &mut Message, routes: &[usize]) {
        let mut i = 0;
        while i < routes.len() {
            let Route { prefix, pattern, origin, .. } = &self.routes[routes[i]];
            text.push("\n    `");
            text.push_joined(*prefix, pattern);
            text.push("`");
            push_origin(text, " of `", origin);
            i += 1;
        }
    }
}

/// The handler, and where it is written.
const fn push_origin(text: &mut Message, before: &str, origin: &Origin<'_>) {
    push_handler(text, before, origin);
    text.quote(" at ", origin.file, ":");
    text.push_number(origin.line as usize);
}

/// The handler with its module, up to the quote at its end.
const fn push_handler(text: &mut Message, before: &str, origin: &Origin<'_>) {
    text.push(before);
    if !origin.module.is_empty() {
        text.push(origin.module);
        text.push("::");
    }
    text.push(origin.handler);
    text.push("`");
}

/// A request that the route answers: `GET /users/1`, and which other methods.
const fn push_request(text: &mut Message, route: &Route<'_>, methods: u32, extensions: &[&str]) {
    let mut names = MethodNames::new(Methods::from_bits(methods), extensions);
    match names.next() {
        Some(method) => text.quote("`", method, " "),
        None => text.push("any other method on `"),
    }
    let mut joined = Message::new();
    joined.push_joined(route.prefix, route.pattern);
    push_path(text, joined.as_str());
    text.push("`");
    let mut more = false;
    while let Some(method) = names.next() {
        text.quote(if more { ", " } else { " (and " }, method, "");
        more = true;
    }
    if more {
        text.push(")");
    }
    if methods & 1 << ANY_BIT != 0 && methods != 1 << ANY_BIT {
        text.push(" and any other method");
    }
}

/// A path that the pattern matches: every parameter is `1`.
const fn push_path(text: &mut Message, pattern: &str) {
    let mut scanner = Scanner::new(pattern);
    let mut root = true;
    while let Ok(Some(piece)) = scanner.segment() {
        root = false;
        text.push("/");
        match piece.kind {
            PieceKind::Literal => text.push(slice(pattern, piece.start, piece.end)),
            PieceKind::Param | PieceKind::Rest => {
                text.quote(
                    slice(pattern, piece.start, piece.name.start - 1),
                    "1",
                    slice(pattern, piece.suffix, piece.end),
                );
            }
        }
    }
    if root {
        text.push("/");
    }
}

impl fmt::Display for FreezeError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().as_str())
    }
}

impl fmt::Debug for FreezeError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FreezeError({:?})", self.message().as_str())
    }
}

impl core::error::Error for FreezeError<'_> {}
