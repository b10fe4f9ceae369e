//! Growing the tree, route by route.

use super::fault::{Fault, Faults};
use super::key::Key;
use super::node::{KeyWords, Row, Words, depth};
use super::route::{Entry, Route};
use crate::methods::{MAX_EXTENSION_METHODS, Methods, is_token};
use crate::pattern::{
    Code, MAX_PATH_PARAMS, Part, PieceKind, Prefix, Scanner, is_one_word, next_word, segment_kind,
    segment_place,
};
use crate::text::{same, slice};

/// Grows a [`Draft`](super::Draft), route by route, from patterns that are read already.
///
/// This is what [`freeze!`](crate::freeze!) does after it has read the patterns. Where they have been read before, it
/// saves const evaluation nearly all of its work:
///
/// ```
/// use cello_routing::{Builder, Capacity, Code, Draft, Entry, Frozen, Lookup, Methods, Pattern, Place, Table};
///
/// // Usually written by a macro, from `Pattern::code`.
/// const fn literal(pattern: &'static str) -> [[u8; 8]; 2] {
///     let Ok(pattern) = Pattern::parse(pattern) else { panic!("a wrong pattern") };
///     let mut code = pattern.code();
///     let (Some(place), Some(key)) = (code.next(), code.next()) else { panic!("no literal") };
///     [place, key]
/// }
/// static API: [[u8; 8]; 2] = literal("/api");
/// static USERS: [[u8; 8]; 2] = literal("/users");
///
/// const DRAFT: Draft<'static, 3, 8, 1> = {
///     let mut draft = Draft::nothing();
///     let mut builder = draft.builder();
///     let api = builder.enter(&Place::ROOT, Code { text: "/api", bytes: API.as_flattened() });
///     let users = Code { text: "/users", bytes: USERS.as_flattened() };
///     let users = Entry { code: users, methods: Methods::GET, extension_methods: &[] };
///     builder.add(&api, &users, 0);
///     draft.finish();
///     draft
/// };
/// // Or `Capacity::new` says how large these arrays must be.
/// const _: () = assert!(Capacity::new(2, 1).nodes == 3 && DRAFT.is_whole());
/// const EXACT: Capacity = DRAFT.size();
/// static FROZEN: Frozen<
///     'static,
///     { EXACT.nodes },
///     { EXACT.slots },
///     { EXACT.rows },
///     { EXACT.keys },
///     { EXACT.starts },
///     { EXACT.counts },
/// > = Frozen::of(&DRAFT);
///
/// let table: Table<'static> = FROZEN.table();
/// assert!(matches!(table.lookup("GET", b"/api/users"), Lookup::Found(_)));
/// ```
#[derive(Debug)]
pub struct Builder<'s, 'r> {
    pub(super) tree: &'s mut [Words],
    pub(super) slots: &'s mut [u32],
    pub(super) rows: &'s mut [Row],
    /// The keys of all literals, from 1 on, and a hash table of them.
    pub(super) keys: &'s mut [KeyWords],
    pub(super) texts: &'s mut [u32],
    pub(super) segments: &'s mut [&'r str],
    pub(super) extensions: &'s mut [&'r str; MAX_EXTENSION_METHODS],
    pub(super) used: &'s mut Used,
    pub(super) faults: &'s mut Faults<'r>,
    /// The first segment of at most eight bytes of a pattern that was added last.
    pub(super) last: Last,
}

/// How much of a draft is used, and what the frozen table will need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Used {
    pub(super) nodes: usize,
    pub(super) rows: usize,
    pub(super) extensions: usize,
    /// Different keys.
    pub(super) keys: usize,
    /// How many nodes stand behind so many literals and nothing else, by [`word!(depth)`](super::node::word).
    pub(super) literals_at: [usize; depth!(more) + 1],
    /// At how many of them a pattern ends. From `depth!(param)` on, how many patterns have their first parameter behind so many
    /// literals.
    pub(super) ends_at: [usize; depth!(param) + depth!(more) + 1],
    /// No literal is longer.
    pub(super) longest: u32,
    /// One less than there are places in the draft's hash table.
    pub(super) mask: usize,
    /// How many nodes and places of literals the table has, when it is known which are [alike](super::share), and whether it shares them.
    pub(super) shared_nodes: usize,
    pub(super) shared_places: usize,
    pub(super) is_shared: bool,
}

/// A literal of at most eight bytes, at the start of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last {
    /// The node that it was added to.
    before: usize,
    /// Its words in [`Code`]: where it stands, and its key.
    place: u64,
    key: u64,
    node: usize,
}

impl Last {
    pub(super) const NONE: Self = Self { before: 0, place: 0, key: 0, node: 0 };
}

impl Used {
    /// Of a draft with so many places in its hash table.
    pub(super) const fn none(slots: usize) -> Self {
        Self {
            nodes: 1,
            rows: 0,
            extensions: 0,
            keys: 0,
            literals_at: [0; depth!(more) + 1],
            ends_at: [0; depth!(param) + depth!(more) + 1],
            longest: 0,
            mask: slots.saturating_sub(1),
            shared_nodes: 0,
            shared_places: 0,
            is_shared: false,
        }
    }
}

/// Where prefixes lead: a node, and the parameters on the way.
#[derive(Clone, Copy, Debug)]
pub struct Place<'r> {
    node: usize,
    names: [&'r str; MAX_PATH_PARAMS],
    params: usize,
    /// Whether a name came twice, or too many came.
    wrong: bool,
}

impl Place<'_> {
    /// Where patterns without a prefix start.
    pub const ROOT: Self = Self { node: 0, names: [""; MAX_PATH_PARAMS], params: 0, wrong: false };
}

impl<'r> Builder<'_, 'r> {
    /// Goes on from a place by a prefix, which has no rest parameter.
    pub const fn enter(&mut self, from: &Place<'r>, mut prefix: Code<'r>) -> Place<'r> {
        let mut place = *from;
        while let Some(part) = prefix.next() {
            self.enter_part(&mut place, &part);
        }
        place
    }

    const fn enter_part(&mut self, place: &mut Place<'r>, part: &Part<'r>) {
        let parent = place.node;
        let name = match *part {
            Part::Literal { text, ref key } => {
                let Key { first, last, middle, len } = *key;
                place.node = self.literal(parent, text, 0, first, last, middle, len);
                return;
            }
            Part::Affixed { text, name, prefix, suffix } => {
                place.node = self.affixed(parent, text, prefix, suffix);
                name
            }
            Part::Param { name } | Part::Rest { name } => {
                place.node = self.param(parent);
                name
            }
        };
        if place.params == MAX_PATH_PARAMS {
            place.wrong = true;
            return;
        }
        place.wrong |= place.has(name);
        place.names[place.params] = name;
        place.params += 1;
    }

    /// Adds the route of that index, whose pattern goes on from there. What is wrong is collected in
    /// [`Draft::error`](super::Draft::error).
    pub const fn add(&mut self, from: &Place<'r>, entry: &Entry<'r>, route: usize) {
        if from.params > 0 && from.is_wrong_before(entry) {
            return self.faults.push(Fault::Joined { route });
        }
        let mut node = from.node;
        let mut rest = false;
        // As `Code::next` reads, but the text only where it is needed.
        let text = entry.code.text;
        let mut code = entry.code.bytes;
        #[expect(clippy::while_let_loop, reason = "the pattern stands in the macro")]
        loop {
            next_word!(word, more of code, else { break });
            code = more;
            // A match for each word: what is matched together is put together first.
            match segment_kind!(of word) {
                segment_kind!(literal) => {
                    let start = segment_place!(start of word);
                    let len = segment_place!(len of word);
                    if is_one_word!(len) {
                        next_word!(key, more of code, else { break });
                        code = more;
                        if start != 1 {
                            node = self.literal(node, text, start, key, key, key, len as u32);
                            continue;
                        }
                        // Routes that stand side by side often begin with the same segment.
                        if self.last.key == key && self.last.place == word && self.last.before == node {
                            node = self.last.node;
                        } else {
                            let before = node;
                            node = self.literal(node, text, start, key, key, key, len as u32);
                            self.last = Last { before, place: word, key, node };
                        }
                    } else {
                        next_word!(first, more of code, else { break });
                        next_word!(last, more of more, else { break });
                        next_word!(middle, more of more, else { break });
                        node = self.literal(node, text, start, first, last, middle, len as u32);
                        code = more;
                    }
                }
                segment_kind!(affixed) => {
                    next_word!(affixes, more of code, else { break });
                    let (start, len) = (segment_place!(start of word), segment_place!(len of word));
                    let (prefix, suffix) = ((affixes & 0xFFFF_FFFF) as usize, (affixes >> 32) as usize);
                    node = self.affixed(node, slice(text, start, start + len), prefix, suffix);
                    code = more;
                }
                segment_kind!(param) => node = self.param(node),
                _ => rest = true,
            }
        }
        let Methods(bits) = entry.methods;
        match entry.extension_methods {
            [] if bits != 0 => self.end(node, rest, bits, route),
            extensions => self.take(node, rest, bits, extensions, route),
        }
    }

    /// Adds the routes from one index to another, whose patterns are still to be read.
    pub(super) const fn add_all(&mut self, routes: &[Route<'r>], from: usize, to: usize) {
        let mut i = from;
        while i < to {
            if let Err(fault) = self.read(&routes[i], i) {
                self.faults.push(fault);
            }
            i += 1;
        }
    }

    const fn read(&mut self, route: &Route<'r>, index: usize) -> Result<(), Fault<'r>> {
        let mut place = Place::ROOT;
        if let Err(fault) = self.read_prefix(&mut place, route.prefix, index) {
            return Err(fault);
        }
        let prefix_params = place.params;
        let mut scanner = Scanner::new(route.pattern);
        let mut rest = false;
        loop {
            let piece = match scanner.segment() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return Err(Fault::Pattern { route: index, error }),
            };
            match piece.kind {
                PieceKind::Rest => {
                    rest = true;
                    let name = slice(route.pattern, piece.name.start, piece.name.end);
                    place.wrong |= place.params == MAX_PATH_PARAMS || place.has(name);
                }
                _ => self.enter_part(&mut place, &Part::of(route.pattern, &piece)),
            }
        }
        loop {
            match scanner.query() {
                Ok(Some(name)) if prefix_params > 0 => {
                    place.wrong |= place.has(slice(route.pattern, name.start, name.end));
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(Fault::Pattern { route: index, error }),
            }
        }
        if place.wrong {
            return Err(Fault::Joined { route: index });
        }
        self.take(place.node, rest, route.methods.bits(), route.extension_methods, index);
        Ok(())
    }

    const fn read_prefix(
        &mut self,
        place: &mut Place<'r>,
        prefix: Option<&Prefix<'r>>,
        index: usize,
    ) -> Result<(), Fault<'r>> {
        let Some(Prefix { text, outer }) = prefix else { return Ok(()) };
        if let Err(fault) = self.read_prefix(place, *outer, index) {
            return Err(fault);
        }
        let mut scanner = Scanner::prefix(text);
        loop {
            match scanner.segment() {
                Ok(Some(piece)) => self.enter_part(place, &Part::of(text, &piece)),
                Ok(None) => break,
                Err(error) => return Err(Fault::Pattern { route: index, error }),
            }
        }
        match scanner.query() {
            Ok(_) => Ok(()),
            Err(error) => Err(Fault::Pattern { route: index, error }),
        }
    }

    /// Puts the route at the end of its pattern, if there is nothing wrong with its methods.
    const fn take(&mut self, node: usize, rest: bool, mut bits: u32, extensions: &[&'r str], route: usize) {
        let mut i = 0;
        while i < extensions.len() {
            let name = extensions[i];
            match self.method(name) {
                Some(bit) => bits |= bit,
                None if is_token(name) => return self.faults.push(Fault::TooManyMethods { route, name }),
                None => return self.faults.push(Fault::NoToken { route, name }),
            }
            i += 1;
        }
        if bits == 0 {
            return self.faults.push(Fault::NoMethod { route });
        }
        self.end(node, rest, bits, route);
    }
}

impl Place<'_> {
    /// Whether what goes on from here has a name that has come already, or too many.
    const fn is_wrong_before(&self, entry: &Entry<'_>) -> bool {
        let mut params = self.params;
        let mut code = entry.code;
        while let Some(part) = code.next() {
            if let Some(name) = part.name() {
                params += 1;
                if self.has(name) {
                    return true;
                }
            }
        }
        if entry.code.has_query() {
            let mut scanner = Scanner::new(entry.code.text);
            while let Ok(Some(_)) = scanner.segment() {}
            while let Ok(Some(name)) = scanner.query() {
                if self.has(slice(entry.code.text, name.start, name.end)) {
                    return true;
                }
            }
        }
        self.wrong || params > MAX_PATH_PARAMS
    }

    const fn has(&self, name: &str) -> bool {
        let mut i = 0;
        while i < self.params {
            if same(self.names[i].as_bytes(), name.as_bytes()) {
                return true;
            }
            i += 1;
        }
        false
    }
}
