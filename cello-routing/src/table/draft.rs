//! Growing the tree, route by route.

use super::fault::{Fault, FreezeError};
use super::node::{AFFIXED, END, KEY, KIND, LENGTHS, PARAM, PARENT, REST, SIBLING, TEXT, WORDS, kind};
use super::route::Route;
use super::trail::Trail;
use crate::hash::{edge, place};
use crate::methods::{MAX_EXTENSION_METHODS, Methods, STANDARD, is_token};
use crate::pattern::{Piece, PieceKind};
use crate::text::same;

/// The sizes of the arrays of a table, or of its draft.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Words of the tree.
    pub tree: usize,
    /// Places of the hash table, a power of two.
    pub slots: usize,
    /// Rows for the methods of the routes; several words each in a draft.
    pub rows: usize,
    /// Bytes of literals.
    pub text: usize,
}

impl Capacity {
    /// The room that the draft of these routes needs at most. It is generous, because to count the segments
    /// would take longer.
    #[must_use]
    pub const fn of(routes: &[Route<'_>]) -> Self {
        let (mut nodes, mut rows, mut text) = (1, 0, 0);
        let mut i = 0;
        while i < routes.len() {
            let route = &routes[i];
            let len = route.pattern.len();
            nodes += len / 2 + 1;
            rows += route.methods.bits().count_ones() as usize + route.extension_methods.len();
            text += len;
            i += 1;
        }
        Self { tree: nodes * WORDS, slots: (2 * nodes).next_power_of_two(), rows: rows * ROW_WORDS, text }
    }
}

/// How many words one method of one route takes: the bit of the method, the route, and the next row of the
/// same end. Rows are named by the offset behind them, so that 0 is the end of the list.
pub(super) const ROW_WORDS: usize = 3;

/// The room of a draft, and how much of it is used.
#[derive(Debug)]
pub(super) struct Builder<'s, 'r> {
    pub(super) tree: &'s mut [u32],
    pub(super) slots: &'s mut [u32],
    pub(super) rows: &'s mut [u32],
    pub(super) text: &'s mut [u8],
    pub(super) extensions: &'s mut [&'r str; MAX_EXTENSION_METHODS],
    pub(super) used: Used,
    pub(super) trail: Trail<'r>,
}

/// How much of a draft is used, and what the frozen table will need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Used {
    pub(super) tree: usize,
    pub(super) literals: usize,
    pub(super) rows: usize,
    pub(super) text: usize,
    pub(super) extensions: usize,
    /// For how many ends `HEAD` is answered from `GET`.
    pub(super) heads: usize,
    pub(super) longest_literal: usize,
}

impl Used {
    pub(super) const NONE: Self =
        Self { tree: WORDS, literals: 0, rows: 0, text: 0, extensions: 0, heads: 0, longest_literal: 0 };
}

impl<'r> Builder<'_, 'r> {
    /// Adds all routes and collects what is wrong with them.
    #[expect(clippy::result_large_err, reason = "const evaluation has no box, and a program freezes once")]
    pub(super) const fn add_all(&mut self, routes: &'r [Route<'r>]) -> Result<(), FreezeError<'r>> {
        let mut errors = FreezeError::new(routes);
        let mut i = 0;
        while i < routes.len() {
            self.add(routes, i, &mut errors);
            i += 1;
        }
        errors.extensions = *self.extensions;
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    const fn add(&mut self, routes: &'r [Route<'r>], index: usize, errors: &mut FreezeError<'r>) {
        let route = &routes[index];
        let pattern = route.pattern.as_bytes();
        let (mut scanner, mut node) = self.trail.resume(route.pattern);
        let mut end = END;
        loop {
            let piece = match scanner.segment() {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return errors.push(Fault::Pattern { route: index, error }),
            };
            match piece.kind {
                PieceKind::Rest => {
                    end = REST;
                    continue;
                }
                PieceKind::Literal => node = self.literal(node, pattern, &piece),
                PieceKind::Param if piece.end - piece.start > piece.name.end - piece.name.start + 2 => {
                    node = self.affixed(node, pattern, &piece);
                }
                PieceKind::Param => node = self.param(node),
            }
            self.trail.push(&scanner, piece.end, node);
        }
        loop {
            match scanner.query() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return errors.push(Fault::Pattern { route: index, error }),
            }
        }

        let mut bits = route.methods.bits();
        let mut i = 0;
        while i < route.extension_methods.len() {
            match self.method(route.extension_methods[i]) {
                Some(bit) => bits |= bit,
                None if is_token(route.extension_methods[i]) => {
                    return errors
                        .push(Fault::TooManyMethods { route: index, name: route.extension_methods[i] });
                }
                None => {
                    return errors.push(Fault::NoToken { route: index, name: route.extension_methods[i] });
                }
            }
            i += 1;
        }
        if bits == 0 {
            return errors.push(Fault::NoMethod { route: index });
        }
        self.end(node + end, bits, index, errors);
    }

    /// The child for a literal segment.
    const fn literal(&mut self, parent: usize, pattern: &[u8], piece: &Piece) -> usize {
        let key = edge(piece.hash, parent as u32);
        let len = piece.end - piece.start;
        let text = [(piece.start, len), (piece.end, 0)];
        let slot = match self.find(parent, kind::LITERAL, key, pattern, text) {
            Ok(node) => return node,
            Err(slot) => slot,
        };
        let node = self.grow(parent, kind::LITERAL, key, pattern, text);
        self.slots[slot] = node as u32;
        self.tree[parent + KIND] |= kind::HAS_LITERALS;
        self.used.literals += 1;
        if len > self.used.longest_literal {
            self.used.longest_literal = len;
        }
        node
    }

    /// The child for a parameter with a literal before or after it.
    const fn affixed(&mut self, parent: usize, pattern: &[u8], piece: &Piece) -> usize {
        let key = edge(piece.hash, parent as u32);
        let prefix = piece.name.start - 1 - piece.start;
        let text = [(piece.start, prefix), (piece.suffix, piece.end - piece.suffix)];
        let slot = match self.find(parent, kind::AFFIXED, key, pattern, text) {
            Ok(node) => return node,
            Err(slot) => slot,
        };
        let node = self.grow(parent, kind::AFFIXED, key, pattern, text);
        self.slots[slot] = node as u32;

        let mut before = parent + AFFIXED;
        while self.tree[before] != 0 && !self.precedes(node, self.tree[before] as usize) {
            before = self.tree[before] as usize + SIBLING;
        }
        self.tree[node + SIBLING] = self.tree[before];
        self.tree[before] = node as u32;
        node
    }

    /// Whether the affixes of `a` are tried before those of `b`: more text first, then more of it before the
    /// parameter. What is equal in both never matches the same segment.
    const fn precedes(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.tree[a + LENGTHS], self.tree[b + LENGTHS]);
        let (all_a, all_b) = ((a & 0xFFFF) + (a >> 16), (b & 0xFFFF) + (b >> 16));
        all_a > all_b || all_a == all_b && a & 0xFFFF > b & 0xFFFF
    }

    /// The child for a plain parameter.
    const fn param(&mut self, parent: usize) -> usize {
        if self.tree[parent + PARAM] == 0 {
            self.tree[parent + PARAM] = self.grow(parent, kind::PARAM, 0, &[], [(0, 0); 2]) as u32;
        }
        self.tree[parent + PARAM] as usize
    }

    /// The child with these literals, given as offsets and lengths in the pattern, or the free place where it
    /// belongs.
    const fn find(
        &self,
        parent: usize,
        kind: u32,
        key: u32,
        pattern: &[u8],
        text: [(usize, usize); 2],
    ) -> Result<usize, usize> {
        let lengths = (text[0].1 | text[1].1 << 16) as u32;
        let mut slot = place(key, self.slots.len());
        loop {
            let node = self.slots[slot] as usize;
            if node == 0 {
                return Err(slot);
            }
            if self.tree[node + KEY] == key
                && self.tree[node + PARENT] == parent as u32
                && self.tree[node + KIND] & !kind::HAS_LITERALS == kind
                && self.tree[node + LENGTHS] == lengths
                && self.has_text(self.tree[node + TEXT] as usize, pattern, text)
            {
                return Ok(node);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    const fn has_text(&self, mut at: usize, pattern: &[u8], text: [(usize, usize); 2]) -> bool {
        let mut part = 0;
        while part < 2 {
            let (mut from, len) = text[part];
            let end = from + len;
            while from < end {
                if self.text[at] != pattern[from] {
                    return false;
                }
                at += 1;
                from += 1;
            }
            part += 1;
        }
        true
    }

    const fn grow(
        &mut self,
        parent: usize,
        kind: u32,
        key: u32,
        pattern: &[u8],
        text: [(usize, usize); 2],
    ) -> usize {
        let node = self.used.tree;
        let mut at = self.used.text;
        self.tree[node + PARENT] = parent as u32;
        self.tree[node + KIND] = kind;
        self.tree[node + TEXT] = at as u32;
        self.tree[node + LENGTHS] = (text[0].1 | text[1].1 << 16) as u32;
        self.tree[node + KEY] = key;
        let mut part = 0;
        while part < 2 {
            let (mut from, len) = text[part];
            let end = from + len;
            while from < end {
                self.text[at] = pattern[from];
                at += 1;
                from += 1;
            }
            part += 1;
        }
        self.used.tree = node + WORDS;
        self.used.text = at;
        node
    }

    /// The bit of a method, a new one if need be; `None` if the name is no token or there is no bit left.
    const fn method(&mut self, name: &'r str) -> Option<u32> {
        if let Some(standard) = Methods::standard(name) {
            return Some(standard.bits());
        }
        let mut i = 0;
        while i < self.used.extensions {
            if same(self.extensions[i].as_bytes(), name.as_bytes()) {
                return Some(1 << (STANDARD.len() + i));
            }
            i += 1;
        }
        if i == MAX_EXTENSION_METHODS || !is_token(name) {
            return None;
        }
        self.extensions[i] = name;
        self.used.extensions += 1;
        Some(1 << (STANDARD.len() + i))
    }

    /// Puts the route at the end of its pattern, and finds out whether another one takes its methods there
    /// already.
    const fn end(&mut self, end: usize, bits: u32, route: usize, errors: &mut FreezeError<'r>) {
        let before = self.tree[end];
        if before & bits != 0 {
            self.conflicts(end, bits, route, errors);
        }
        let mut bits = bits & !before;
        let after = before | bits;
        self.tree[end] = after;
        if bits & (GET | HEAD) != 0 {
            self.used.heads += head_from_get(after) as usize;
            self.used.heads -= head_from_get(before) as usize;
        }
        while bits != 0 {
            let row = self.used.rows;
            self.rows[row] = bits & !(bits - 1);
            self.rows[row + 1] = route as u32;
            self.rows[row + 2] = self.tree[end + 1];
            self.used.rows = row + ROW_WORDS;
            self.tree[end + 1] = self.used.rows as u32;
            bits &= bits - 1;
        }
    }

    /// Reports each earlier route that shares a method with this one, once.
    const fn conflicts(&self, end: usize, bits: u32, route: usize, errors: &mut FreezeError<'r>) {
        let mut shared = self.tree[end] & bits;
        while shared != 0 {
            let first = self.route(end, shared & shared.wrapping_neg());
            let mut methods = 0;
            let mut rest = shared;
            while rest != 0 {
                let bit = rest & rest.wrapping_neg();
                rest &= rest - 1;
                if self.route(end, bit) == first {
                    methods |= bit;
                }
            }
            shared &= !methods;
            errors.push(Fault::Conflict { first, second: route, methods });
        }
    }

    /// The route that takes the method of that bit, which is among those of the end.
    const fn route(&self, end: usize, bit: u32) -> usize {
        let mut behind = self.tree[end + 1] as usize;
        while behind > ROW_WORDS && self.rows[behind - 3] != bit {
            behind = self.rows[behind - 1] as usize;
        }
        self.rows[behind - 2] as usize
    }
}

/// The methods that are answered where there are routes for `methods`: `HEAD` from `GET`.
pub(super) const fn answered(methods: u32) -> u32 {
    if methods & GET != 0 { methods | HEAD } else { methods }
}

/// Whether there `HEAD` is answered from `GET`.
const fn head_from_get(methods: u32) -> bool {
    methods & (GET | HEAD) == GET
}

const GET: u32 = Methods::GET.bits();
const HEAD: u32 = Methods::HEAD.bits();
