//! From the rows of the whole application to static arrays, by const evaluation: what `routes![...]` calls.

use cello_routing::{Methods, Origin, Pattern, Route, Segment, join_into, joined_len};

use super::RouteMeta;
use super::row::{Blueprint, Mount, Node, Row};
use crate::Link;

/// How deep blueprints may be nested.
const DEPTH: usize = 16;

/// How many handlers are mounted.
pub const fn count(mounts: &[Mount]) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < mounts.len() {
        count += match mounts[i] {
            Mount::Handler(_) => 1,
            Mount::Blueprint(_, children) => self::count(children),
        };
        i += 1;
    }
    count
}

/// The length of all patterns, joined with their prefixes, one after the other.
pub const fn text_len(mounts: &[Mount]) -> usize {
    let mut len = 0;
    let mut i = 0;
    while i < mounts.len() {
        len += match mounts[i] {
            Mount::Handler(row) => pattern_len(row),
            Mount::Blueprint(_, children) => text_len(children),
        };
        i += 1;
    }
    len
}

/// All patterns, joined with their prefixes, one after the other.
pub const fn text<const LEN: usize>(mounts: &[Mount]) -> [u8; LEN] {
    let mut text = [0; LEN];
    write(mounts, &mut text, 0);
    text
}

const fn write(mounts: &[Mount], text: &mut [u8], mut at: usize) -> usize {
    let mut i = 0;
    while i < mounts.len() {
        match mounts[i] {
            Mount::Handler(row) => {
                let chain = Chain::of(row.blueprint);
                at += join_into(text.split_at_mut(at).1, chain.prefixes(), row.pattern);
            }
            Mount::Blueprint(_, children) => at = write(children, text, at),
        }
        i += 1;
    }
    at
}

/// The rows of the application, in order, with their whole patterns.
pub const fn metas<const COUNT: usize>(mounts: &[Mount], text: &'static [u8]) -> [RouteMeta; COUNT] {
    let mut metas = [const { RouteMeta { pattern: "", full: "", row: &Row::NONE } }; COUNT];
    fill(mounts, text, &mut metas, (0, 0));
    metas
}

const fn fill(
    mounts: &[Mount],
    text: &'static [u8],
    metas: &mut [RouteMeta],
    (mut at, mut index): (usize, usize),
) -> (usize, usize) {
    let mut i = 0;
    while i < mounts.len() {
        match mounts[i] {
            Mount::Handler(row) => {
                check_row(row);
                let len = pattern_len(row);
                let full = text.split_at(at).1.split_at(len).0;
                let pattern = full.split_at(path_len(full)).0;
                metas[index] = RouteMeta { pattern: as_text(pattern), full: as_text(full), row };
                at += len;
                index += 1;
            }
            Mount::Blueprint(_, children) => (at, index) = fill(children, text, metas, (at, index)),
        }
        i += 1;
    }
    (at, index)
}

/// The same rows as the table wants them.
pub const fn inputs<const COUNT: usize>(metas: &[RouteMeta; COUNT]) -> [Route<'static>; COUNT] {
    const ORIGIN: Origin<'static> = Origin { handler: "", file: "", line: 0, column: 0 };
    const NONE: Route<'static> =
        Route { pattern: "/", methods: Methods::NONE, extension_methods: &[], origin: ORIGIN };
    let mut routes = [NONE; COUNT];
    let mut i = 0;
    while i < COUNT {
        let row = metas[i].row;
        let (methods, extension_methods) = methods(row);
        let origin = Origin { handler: row.path, file: row.file, line: row.line, column: row.column };
        routes[i] = Route { pattern: metas[i].full, methods, extension_methods, origin };
        i += 1;
    }
    routes
}

/// Standard methods come first in a row, the others after them.
const fn methods(row: &Row) -> (Methods, &'static [&'static str]) {
    let mut methods = if row.any { Methods::ANY } else { Methods::NONE };
    let mut i = 0;
    while i < row.methods.len() {
        let Some(method) = Methods::standard(row.methods[i]) else { break };
        methods = methods.with(method);
        i += 1;
    }
    (methods, row.methods.split_at(i).1)
}

/// Where an inherited parameter stands, counted from the end of the whole pattern; `own` is how many follow the
/// inherited ones.
///
/// # Panics
/// In const evaluation: if no prefix has it.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn inherited_from_end(blueprint: Option<&'static Blueprint>, own: usize, name: &str) -> usize {
    let chain = Chain::of(blueprint);
    let (mut index, mut found, mut i) = (0, usize::MAX, 0);
    while i < chain.len {
        let mut segments = prefix(chain.prefixes[i]).segments();
        while let Some(segment) = segments.next() {
            if let Some(param) = segment.name() {
                if same(param, name) {
                    found = index;
                }
                index += 1;
            }
        }
        i += 1;
    }
    if found == usize::MAX {
        panic!(
            "`params(...)` names a parameter that no prefix of the handler's blueprints has\n\
             help: name one that stands in the prefix, as in `blueprint!(\"/orgs/<org>\", [...])` and `params(org)`"
        );
    }
    own + index - found
}

/// Checks that a blueprint names all parameters that it inherits from its parent, in order.
///
/// # Panics
/// In const evaluation: if it does not.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn check_inherited(parent: &'static Blueprint, names: &[&str]) {
    if !names_all(parent, names) {
        panic!(
            "a blueprint names all parameters of its parent's prefixes, in their order, in `params(...)`\n\
             help: for the parent prefix `/orgs/<org>` say `params(org)`; for one without parameters leave it out"
        );
    }
}

/// Checks that a handler in a file module names all parameters of the prefixes before its own, in order: its link asks for
/// each, and its macro cannot see them.
///
/// # Panics
/// In const evaluation: if it does not.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn check_named<T>(blueprint: &'static Blueprint, handler: &Node<T>) {
    if let Mount::Handler(row) = handler.mount
        && !names_all(blueprint, row.inherited)
    {
        panic!(
            "this handler does not name all parameters of its blueprint's prefix, in their order, in `params(...)`\n\
             help: for the prefix `/orgs/<org>` write `#[get(\"/\", params(org))]`, whether the handler takes `org` or \
             leaves it: the link to it asks for it"
        );
    }
}

/// Whether these are the names of all parameters of a blueprint's prefixes, in their order.
const fn names_all(blueprint: &'static Blueprint, names: &[&str]) -> bool {
    let chain = Chain::of(Some(blueprint));
    let (mut index, mut i) = (0, 0);
    while i < chain.len {
        let mut segments = prefix(chain.prefixes[i]).segments();
        while let Some(segment) = segments.next() {
            if let Some(param) = segment.name() {
                if index == names.len() || !same(param, names[index]) {
                    return false;
                }
                index += 1;
            }
        }
        i += 1;
    }
    index == names.len()
}

#[expect(clippy::panic, reason = "a compile error, in words")]
const fn check_row(row: &Row) {
    if Chain::of(row.blueprint).len == DEPTH {
        panic!("blueprints are nested more than 15 deep\nhelp: join some of their prefixes");
    }
}

/// A link: prefixes and pattern, with the parameters in their places.
pub(crate) fn link(
    blueprint: Option<&'static Blueprint>,
    pattern: &'static str,
    parameters: &[&dyn std::fmt::Display],
) -> Link {
    let mut link = Link::new();
    let mut parameters = parameters.iter();
    let chain = Chain::of(blueprint);
    let parts =
        chain.prefixes().iter().map(|text| Pattern::parse_prefix(text)).chain([Pattern::parse(pattern)]);
    let mut trailing_slash = false;
    // Every part was parsed at compile time; what does not parse does not get here.
    for part in parts.filter_map(Result::ok) {
        let mut segments = part.segments();
        while let Some(segment) = segments.next() {
            link.text("/");
            match segment {
                Segment::Literal(text) => link.text(text),
                Segment::Param { prefix, suffix, .. } => {
                    link.text(prefix);
                    if let Some(value) = parameters.next() {
                        link.parameter(value, false);
                    }
                    link.text(suffix);
                }
                Segment::Rest { .. } => {
                    if let Some(value) = parameters.next() {
                        link.parameter(value, true);
                    }
                }
            }
        }
        trailing_slash = part.trailing_slash();
    }
    if trailing_slash || link.is_empty() {
        link.text("/");
    }
    link.on_this_host()
}

/// The prefixes of a blueprint and its parents, outermost first.
struct Chain {
    prefixes: [&'static str; DEPTH],
    len: usize,
}

impl Chain {
    const fn of(blueprint: Option<&'static Blueprint>) -> Self {
        let mut chain = Self { prefixes: [""; DEPTH], len: 0 };
        chain.push(blueprint);
        chain
    }

    const fn push(&mut self, blueprint: Option<&'static Blueprint>) {
        let Some(blueprint) = blueprint else { return };
        self.push(blueprint.parent);
        if self.len < DEPTH {
            self.prefixes[self.len] = blueprint.prefix;
            self.len += 1;
        }
    }

    const fn prefixes(&self) -> &[&'static str] {
        self.prefixes.split_at(self.len).0
    }
}

const fn pattern_len(row: &Row) -> usize {
    joined_len(Chain::of(row.blueprint).prefixes(), row.pattern)
}

/// The length of a pattern without its query part.
const fn path_len(pattern: &[u8]) -> usize {
    let mut len = 0;
    while len < pattern.len() && pattern[len] != b'?' {
        len += 1;
    }
    len
}

/// A prefix was parsed when its blueprint was expanded.
#[expect(clippy::panic, reason = "a compile error, in words")]
const fn prefix(text: &'static str) -> Pattern<'static> {
    match Pattern::parse_prefix(text) {
        Ok(pattern) => pattern,
        Err(_) => panic!("the prefix of a blueprint is malformed"),
    }
}

#[expect(clippy::panic, reason = "a compile error; patterns are text, so are their parts")]
const fn as_text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a pattern is not text"),
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
