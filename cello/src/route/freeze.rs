//! From the rows of the whole application to static arrays, by const evaluation: what `routes![...]` calls.

use cello_routing::{Methods, Origin, Pattern, Route, Segment, join_into};

use super::RouteMeta;
use super::row::{Blueprint, Mount, Node, Row};
use crate::Link;

/// How deep blueprints may be nested.
const DEPTH: usize = 16;

/// How much room the arrays of an application need.
#[derive(Debug)]
pub struct Size {
    /// How many handlers are mounted.
    pub routes: usize,
    /// The length of all patterns, joined with their prefixes, at most.
    pub text: usize,
}

/// How much room what is mounted needs.
pub const fn size(mounts: &[Mount]) -> Size {
    let mut size = Size { routes: 0, text: 0 };
    measure(mounts, None, &mut size);
    size
}

/// `mounted` is how long the prefixes of what mounts all this are; at the root each handler has its own.
const fn measure(mounts: &[Mount], mounted: Option<usize>, size: &mut Size) {
    let mut i = 0;
    while i < mounts.len() {
        match mounts[i] {
            Mount::Handler(row) => {
                let prefixes = match mounted {
                    Some(len) => len,
                    None => prefixes_len(row.blueprint),
                };
                size.text += prefixes + row.pattern.len();
                size.routes += 1;
            }
            Mount::Blueprint(blueprint, children) => {
                measure(children, Some(prefixes_len(Some(blueprint))), size);
            }
        }
        i += 1;
    }
}

const fn prefixes_len(mut blueprint: Option<&'static Blueprint>) -> usize {
    let mut len = 0;
    while let Some(inner) = blueprint {
        len += inner.prefix.len();
        blueprint = inner.parent;
    }
    len
}

/// All patterns, joined with their prefixes, one after the other.
///
/// The text and the rows that point into it are computed one after the other: text is checked to be text all at once.
#[derive(Debug)]
pub struct Joined<const ROUTES: usize, const TEXT: usize> {
    text: [u8; TEXT],
    /// Where the path of each ends, and where the pattern ends.
    ends: [(u32, u32); ROUTES],
}

impl<const ROUTES: usize, const TEXT: usize> Joined<ROUTES, TEXT> {
    /// Joins what is mounted. The parameters must be what [`size`] says.
    pub const fn of(mounts: &[Mount]) -> Self {
        let mut joined = Self { text: [0; TEXT], ends: [(0, 0); ROUTES] };
        joined.write(mounts, None, (0, 0));
        joined
    }

    /// `mounted` is what mounts all this; at the root each handler has its own.
    const fn write(
        &mut self,
        mounts: &[Mount],
        mounted: Option<&[&str]>,
        (mut at, mut index): (usize, usize),
    ) -> (usize, usize) {
        let mut i = 0;
        while i < mounts.len() {
            match mounts[i] {
                Mount::Handler(row) => {
                    at = match mounted {
                        Some(prefixes) => join_into(&mut self.text, at, prefixes, row.pattern),
                        None => {
                            let chain = Chain::of(row.blueprint);
                            join_into(&mut self.text, at, chain.prefixes(), row.pattern)
                        }
                    };
                    self.ends[index] = ((at - query_len(row.pattern)) as u32, at as u32);
                    index += 1;
                }
                Mount::Blueprint(blueprint, children) => {
                    let chain = Chain::of(Some(blueprint));
                    (at, index) = self.write(children, Some(chain.prefixes()), (at, index));
                }
            }
            i += 1;
        }
        (at, index)
    }

    /// The rows of the application, in order, with their whole patterns.
    #[expect(clippy::panic, reason = "a compile error; patterns are text, so are their parts")]
    pub const fn metas(&'static self, mounts: &[Mount]) -> [RouteMeta; ROUTES] {
        let Ok(mut text) = std::str::from_utf8(&self.text) else { panic!("a pattern is not text") };
        let mut metas = [const { RouteMeta { pattern: "", full: "", row: &Row::NONE } }; ROUTES];
        self.fill(mounts, false, &mut text, &mut metas, 0);
        metas
    }

    /// `mounted` is whether a blueprint mounts all this, whose depth is checked already.
    const fn fill(
        &self,
        mounts: &[Mount],
        mounted: bool,
        text: &mut &'static str,
        metas: &mut [RouteMeta],
        mut index: usize,
    ) -> usize {
        let mut i = 0;
        while i < mounts.len() {
            match mounts[i] {
                Mount::Handler(row) => {
                    if !mounted {
                        check_depth(row.blueprint);
                    }
                    let start = if index == 0 { 0 } else { self.ends[index - 1].1 as usize };
                    let (path_end, end) = self.ends[index];
                    let (full, rest) = text.split_at(end as usize - start);
                    let pattern =
                        if path_end == end { full } else { full.split_at(path_end as usize - start).0 };
                    metas[index] = RouteMeta { pattern, full, row };
                    *text = rest;
                    index += 1;
                }
                Mount::Blueprint(blueprint, children) => {
                    check_depth(Some(blueprint));
                    index = self.fill(children, true, text, metas, index);
                }
            }
            i += 1;
        }
        index
    }
}

/// The length of the query part of a pattern, with its question mark. It is read from its end, because there is no
/// slash in it, and the path before it is longer.
const fn query_len(pattern: &str) -> usize {
    let mut rest = pattern.as_bytes();
    while let [before @ .., byte] = rest {
        match *byte {
            b'/' => return 0,
            b'?' => return pattern.len() - before.len(),
            _ => rest = before,
        }
    }
    0
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
    let mut rest = row.methods;
    while let [name, others @ ..] = rest
        && let Some(method) = Methods::standard(name)
    {
        methods = methods.with(method);
        rest = others;
    }
    (methods, rest)
}

/// Where an inherited parameter stands, counted from the end of the whole pattern; `own` is how many follow the
/// inherited ones.
///
/// # Panics
/// In const evaluation: if no prefix has it.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn inherited_from_end(blueprint: Option<&'static Blueprint>, own: usize, name: &str) -> usize {
    match place_from_end(blueprint, name) {
        Some(place) => own + place,
        None => panic!(
            "`params(...)` names a parameter that no prefix of the handler's blueprints has\n\
             help: name one that stands in the prefix, as in `blueprint!(\"/orgs/<org>\", [...])` and `params(org)`"
        ),
    }
}

/// Where a parameter stands in the prefixes of a blueprint, counted from their end.
const fn place_from_end(blueprint: Option<&'static Blueprint>, name: &str) -> Option<usize> {
    let chain = Chain::of(blueprint);
    let (mut index, mut found, mut i) = (0, None, 0);
    while i < chain.len {
        let mut segments = prefix(chain.prefixes[i]).segments();
        while let Some(segment) = segments.next() {
            if let Some(param) = segment.name() {
                if same(param, name) {
                    found = Some(index);
                }
                index += 1;
            }
        }
        i += 1;
    }
    match found {
        Some(found) => Some(index - found),
        None => None,
    }
}

/// What only const evaluation sees of a blueprint. (Methods, for a path through `$crate` would take the errors away from
/// the user's tokens.)
impl Blueprint {
    /// Checks that a blueprint names all parameters that it inherits from its parent, in order.
    ///
    /// # Panics
    /// In const evaluation: if it does not.
    #[expect(clippy::panic, reason = "a compile error, in words")]
    #[track_caller]
    pub const fn check_inherited(&'static self, names: &[&str]) {
        if let Some(parent) = self.parent
            && !names_all(parent, names)
        {
            panic!(
                "a blueprint names all parameters of its parent's prefixes, in their order, in `params(...)`\n\
                 help: for the parent prefix `/orgs/<org>` say `params(org)`; for one without parameters leave it out"
            );
        }
    }

    /// Checks that a handler in a file module names all parameters of the prefixes before its own, in order: its link
    /// asks for each, and its macro cannot see them. A name that stands in no prefix is reported at its place.
    ///
    /// # Panics
    /// In const evaluation: if it does not.
    #[expect(clippy::panic, reason = "a compile error, in words")]
    #[track_caller]
    pub const fn check_named<T>(&'static self, handler: &Node<T>) {
        if let Mount::Handler(row) = handler.mount
            && !names_all(self, row.inherited)
            && has_all(self, row.inherited)
        {
            panic!(
                "this handler does not name all parameters of its blueprint's prefix, in their order, in `params(...)`\n\
                 help: for the prefix `/orgs/<org>` write `#[get(\"/\", params(org))]`, whether the handler takes `org` or \
                 leaves it: the link to it asks for it"
            );
        }
    }
}

/// Whether each of these names is that of a parameter of the blueprint's prefixes.
const fn has_all(blueprint: &'static Blueprint, names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if place_from_end(Some(blueprint), names[i]).is_none() {
            return false;
        }
        i += 1;
    }
    true
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
const fn check_depth(mut blueprint: Option<&'static Blueprint>) {
    let mut depth = 0;
    while let Some(inner) = blueprint {
        depth += 1;
        blueprint = inner.parent;
    }
    if depth >= DEPTH {
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

/// A prefix was parsed when its blueprint was expanded.
#[expect(clippy::panic, reason = "a compile error, in words")]
const fn prefix(text: &'static str) -> Pattern<'static> {
    match Pattern::parse_prefix(text) {
        Ok(pattern) => pattern,
        Err(_) => panic!("the prefix of a blueprint is malformed"),
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
