//! The frozen table.

mod answer;
mod bound;
mod capacity;
mod cursor;
mod descend;
mod draft;
mod fault;
mod freeze;
mod grow;
mod key;
mod lengths;
mod look;
mod node;
mod owned;
mod pack;
mod packed;
mod places;
mod route;
mod search;
mod segment;
mod share;
mod slashes;
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod sse2;
mod start;

pub use answer::{Captures, Lookup, Malformed, MalformedKind, Match};
pub use capacity::Capacity;
pub use draft::{Builder, Place};
pub use fault::FreezeError;
pub use freeze::{Draft, Frozen};
pub use key::Key;
pub use owned::TableBuf;
pub use route::{Entry, Origin, Route};

use crate::escape;
use crate::methods::{ANY_BIT, MethodId, MethodNames, Methods, STANDARD};
use crate::text::same;
use cursor::{Cursor, Short};
use freeze::Facts;
use look::WINDOW;
use node::KeyWords;
use packed::{More, Node, Packed, flag};
use places::Slot;
use search::{Next, Steps, Stop};
use segment::{Escaped, Plain};
use slashes::Slashes;

/// Routes, frozen: finds the route for a request.
///
/// From [`freeze!`](crate::freeze!) at compile time, from [`TableBuf`] at run time.
///
/// # The rule
/// The answer to a method and a path is the route of the highest precedence among those whose pattern matches
/// the path and whose methods take the method.
///
/// **A pattern matches** a path segment by segment. Paths are split at `/`. A literal matches itself, a
/// parameter one segment that is not empty, a rest parameter all that follows the slash after the segments
/// before it, be it nothing. One slash at the end of a path, after at least one segment, is ignored, except
/// that a rest parameter holds it; a pattern's slash at the end means nothing here. Two slashes side by side
/// match nothing but a rest parameter. Escapes of unreserved characters (letters, digits, `-._~`) are the
/// characters, and the digits of escapes are the same in upper and lower case; `%2F` is not `/`.
///
/// **Precedence** is decided by the first segment from the left in which two patterns differ: the end of the
/// pattern before a rest parameter that is empty; a literal, a parameter with affixes, a plain parameter, a
/// rest parameter; of two with affixes that with more text in them, then that with the longer prefix. With
/// the same pattern, the method itself comes first, then `GET` for `HEAD`, then [`Methods::ANY`].
///
/// So a dead end leads back: with `GET /users/me` and `DELETE /users/<id>`, the second
/// answers `DELETE /users/me`.
///
/// **Two routes are in conflict** if their patterns have the same segments, names erased, and they share a
/// method. `ANY` is shared only with `ANY`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table<'t> {
    /// The nodes, see [`Packed`]. The root is the first, and parents come before their children.
    nodes: &'t [Packed],
    /// What is read of them less often.
    more: &'t [More],
    /// The places of all edges, see [`places`].
    slots: &'t [Slot],
    /// The routes of all ends.
    rows: &'t [u32],
    /// The keys of all literals, each once. The first is that of none.
    keys: &'t [KeyWords],
    /// Of each start its length and its words.
    starts: &'t [u64],
    /// For each place how many rows come before those that are counted from where its edge leads, if equal subtrees are [shared](share); else nothing.
    counts: &'t [u32],
    /// The segment of each node for affixes, or for a literal that its key does not tell whole, as it is written.
    segments: &'t [&'t str],
    extensions: &'t [&'t str],
    facts: Facts,
}

impl<'t> Table<'t> {
    /// Finds the route for a request: `method` as in the request line, `path` without query and still
    /// encoded.
    ///
    /// Nothing is allocated. Any bytes are answered; what does not start with `/`, or is longer than 4 GiB,
    /// is [`Lookup::NotFound`]. See [`Table::bound`] for the time that it takes.
    #[must_use]
    #[inline]
    pub fn lookup(&self, method: &str, path: &[u8]) -> Lookup {
        self.answer(self.method(method), path, &mut ())
    }

    /// The same, for a method that is looked up already: `None` is one that the table does not know.
    #[must_use]
    #[inline]
    pub fn lookup_method(&self, method: Option<MethodId>, path: &[u8]) -> Lookup {
        self.answer(method, path, &mut ())
    }

    /// The same, with the answer written to where it is to be: one that is returned is copied, which takes a good part of the
    /// time of a lookup.
    ///
    /// ```
    /// # use cello_routing::{Lookup, Methods, Origin, Route, freeze};
    /// # const fn route(pattern: &'static str, methods: Methods, handler: &'static str) -> Route<'static> {
    /// #     let origin = Origin { module: "", handler, file: file!(), line: line!(), column: column!() };
    /// #     Route { prefix: None, pattern, methods, extension_methods: &[], origin }
    /// # }
    /// # const ROUTES: [Route<'static>; 1] = [route("/users/<id>", Methods::GET, "get")];
    /// let table = freeze!(ROUTES);
    /// let mut answer = Lookup::NotFound;
    /// table.lookup_into(table.method("GET"), b"/users/7", &mut answer);
    /// assert!(matches!(answer, Lookup::Found(found) if found.captures.get(0) == Some(7..8)));
    /// ```
    #[inline]
    pub fn lookup_into(&self, method: Option<MethodId>, path: &[u8], answer: &mut Lookup) {
        *answer = Lookup::Found(Match::NONE);
        self.fill(answer, method, path, &mut ());
    }

    /// The same, with the number of steps that it took, which is never more than [`Table::bound`].
    #[must_use]
    pub fn lookup_counting(&self, method: Option<MethodId>, path: &[u8]) -> (Lookup, usize) {
        let mut steps = 0;
        let answer = self.answer(method, path, &mut steps);
        (answer, steps)
    }

    /// The number of steps that no lookup exceeds, whatever the request.
    ///
    /// A step is a node of the tree entered, with the first place of an edge that is looked at there, another place
    /// visited, or a pair of affixes compared. It reads one segment of the path at most, or the first 63 bytes, and goes back over one at most; besides, a lookup reads
    /// the path at most five times to check it and to count its segments. So its time is bounded by this number times the length of the longest
    /// segment, and by the length of the path.
    ///
    /// Const evaluation computes the number from the tree: a node is entered at most once, and of the children for
    /// literals at most one.
    #[must_use]
    pub const fn bound(&self) -> usize {
        self.facts.bound
    }

    /// How many bytes the table takes, with the texts that the routes share with it.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        let mut bytes = size_of::<Self>()
            + size_of_val(self.nodes)
            + size_of_val(self.more)
            + size_of_val(self.slots)
            + size_of_val(self.keys)
            + size_of_val(self.starts)
            + size_of_val(self.counts)
            + size_of_val(self.rows)
            + size_of_val(self.segments)
            + size_of_val(self.extensions);
        let mut i = 0;
        while i < self.segments.len() {
            bytes += self.segments[i].len();
            i += 1;
        }
        bytes
    }

    /// The method of that name, if it is a standard one or some route names it.
    #[must_use]
    pub const fn method(&self, name: &str) -> Option<MethodId> {
        if let Some(standard) = Methods::standard(name) {
            return Some(MethodId(standard.bits().trailing_zeros() as u8));
        }
        let mut i = 0;
        while i < self.extensions.len() {
            if same(self.extensions[i].as_bytes(), name.as_bytes()) {
                return Some(MethodId((STANDARD.len() + i) as u8));
            }
            i += 1;
        }
        None
    }

    /// The names of methods that this table answered with, as for the field `Allow`, always in the same
    /// order.
    #[must_use]
    pub const fn names(&self, methods: Methods) -> MethodNames<'t> {
        MethodNames::new(methods, self.extensions)
    }

    /// The segment of a node for affixes or a long literal, as it is written.
    fn segment(&self, node: u32) -> &'t [u8] {
        self.segments.get(node as usize).map_or(&[], |segment| segment.as_bytes())
    }

    #[inline]
    fn answer(&self, method: Option<MethodId>, path: &[u8], steps: &mut impl Steps) -> Lookup {
        // One value from start to end, which is never copied.
        let mut answer = Lookup::Found(Match::NONE);
        self.fill(&mut answer, method, path, steps);
        answer
    }

    /// There is code for tables with shared subtrees, and for those without: to count rows takes registers.
    #[inline]
    fn fill(&self, answer: &mut Lookup, method: Option<MethodId>, path: &[u8], steps: &mut impl Steps) {
        if self.counts.is_empty() {
            self.fill_in::<false>(answer, method, path, steps);
        } else {
            self.fill_in::<true>(answer, method, path, steps);
        }
    }

    #[inline(never)] // so that the compiler does not take the answer apart
    fn fill_in<const SHARED: bool>(
        &self,
        answer: &mut Lookup,
        method: Option<MethodId>,
        path: &[u8],
        steps: &mut impl Steps,
    ) {
        let short;
        let cursor = match path.len() {
            ..8 => {
                short = Short::of(path);
                Cursor::short(&short, path.len())
            }
            8..WINDOW => Cursor::new(path),
            _ => return self.fill_in_far::<SHARED>(answer, method, path, steps),
        };
        match cursor {
            Some(cursor) => self.fill_in_along::<_, SHARED>(cursor, answer, method, path, steps),
            None => self.fill_in_slowly(answer, method, path, steps),
        }
    }

    /// For long paths.
    #[inline(never)]
    fn fill_in_far<const SHARED: bool>(
        &self,
        answer: &mut Lookup,
        method: Option<MethodId>,
        path: &[u8],
        steps: &mut impl Steps,
    ) {
        match Cursor::far(path) {
            Some(cursor) => self.fill_in_along::<_, SHARED>(cursor, answer, method, path, steps),
            None => self.fill_in_slowly(answer, method, path, steps),
        }
    }

    /// For paths that are not of plain ASCII, or begin with no slash, or are too long.
    #[cold]
    #[inline(never)]
    fn fill_in_slowly(
        &self,
        answer: &mut Lookup,
        method: Option<MethodId>,
        path: &[u8],
        steps: &mut impl Steps,
    ) {
        let escaped = match check(path) {
            Ok(escaped) => escaped,
            Err(malformed) => return *answer = Lookup::Malformed(malformed),
        };
        let Lookup::Found(found) = answer else { return };
        if path.first() != Some(&b'/') || u32::try_from(path.len()).is_err() {
            return *answer = Lookup::NotFound;
        }
        steps.step();
        let (bit, slashes) = (bit_of(method), Slashes::of(path));
        let result = match escaped {
            false => self.search::<Plain>(bit, path, slashes, Stop::ROOT, found, steps),
            true => self.search::<Escaped>(bit, path, slashes, Stop::ROOT, found, steps),
        };
        match result {
            Ok(()) if escaped => found.captures.look_for_escapes(path),
            Ok(()) => {}
            Err(allowed) => miss(answer, method, allowed),
        }
    }

    #[inline(always)]
    fn fill_in_along<const FAR: bool, const SHARED: bool>(
        &self,
        cursor: Cursor<'_, FAR>,
        answer: &mut Lookup,
        method: Option<MethodId>,
        path: &[u8],
        steps: &mut impl Steps,
    ) {
        let Lookup::Found(found) = answer else { return };
        if let Err(allowed) = self.find::<FAR, SHARED>(cursor, bit_of(method), path, found, steps) {
            miss(answer, method, allowed);
        }
    }

    /// Finds the route, or the methods of the routes for the path.
    #[inline(always)]
    fn find<const FAR: bool, const SHARED: bool>(
        &self,
        mut cursor: Cursor<'_, FAR>,
        method: u8,
        path: &[u8],
        found: &mut Match,
        steps: &mut impl Steps,
    ) -> Result<(), u32> {
        let len = path.len();
        steps.step();
        let start =
            if self.facts.starts.depth == 0 { None } else { self.start::<FAR, SHARED>(&mut cursor, steps) };
        let from = match start {
            Some(node) => {
                steps.step();
                node
            }
            None => {
                let Some(root) = Node::at(self.nodes, 0) else { return Err(0) };
                // Nothing but a start leads away from the root.
                if self.facts.starts.are_all && root.has_literals_alone() && len > 1 {
                    return Err(0);
                }
                (0, root, 0)
            }
        };
        if cursor.is_done()
            && let Some(route) = from.1.end(from.2).route(self.rows, method)
        {
            found.ends(route, cursor.at(), len);
            return Ok(());
        }
        let slashes = cursor.slashes();
        let (stop, node) = self.descend::<FAR, SHARED>(cursor, from, found, steps);
        if stop.next == Next::Nothing {
            let ends = stop.at + 1 >= len;
            if ends && let Some(route) = node.end(stop.rows).route(self.rows, method) {
                found.ends(route, stop.at, len);
                return Ok(());
            }
            let mut allowed = if ends { node.end(stop.rows).methods() } else { 0 };
            if node.has(flag!(HAS_REST)) {
                let rest = self.beside(stop.index).rest(stop.rows);
                if let Some(route) = rest.route(self.rows, method) {
                    found.takes_rest(route, stop.at, len);
                    return Ok(());
                }
                allowed |= rest.methods();
            }
            if !node.has(flag!(LEADS_BACK)) {
                return Err(allowed);
            }
        }
        self.search::<Plain>(method, path, Slashes::known(path, slashes), stop, found, steps)
    }
}

/// The bit of a method: an unknown one is taken by `ANY` alone.
#[inline(always)]
fn bit_of(method: Option<MethodId>) -> u8 {
    method.map_or(ANY_BIT, |method| method.0)
}

/// The answer where no route takes the method, but the routes for the path take these.
#[inline(never)]
fn miss(answer: &mut Lookup, method: Option<MethodId>, allowed: u32) {
    let methods = Methods::from_bits(allowed).with(Methods::OPTIONS);
    *answer = match method {
        _ if allowed == 0 => Lookup::NotFound,
        None => Lookup::UnknownMethod(methods),
        Some(method) if method.methods() == Methods::OPTIONS => Lookup::Options(methods),
        Some(_) => Lookup::MethodNotAllowed(methods),
    };
}

/// Whether the path has escapes, if it is text when they are decoded.
fn check(path: &[u8]) -> Result<bool, Malformed> {
    if !path.iter().any(|&byte| byte == b'%' || !byte.is_ascii()) {
        return Ok(false);
    }
    if let Some(at) = escape::malformed_escape(path) {
        return Err(Malformed { kind: MalformedKind::Escape, at });
    }
    if let Some(at) = escape::invalid_utf8(path) {
        return Err(Malformed { kind: MalformedKind::Utf8, at });
    }
    Ok(path.contains(&b'%'))
}
