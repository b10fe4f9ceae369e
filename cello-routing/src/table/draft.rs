//! Growing the tree, route by route.

use super::fault::{Fault, FreezeError};
use super::hash::{edge, hash, mix, place};
use super::node::{End, Node, NodeKind};
use super::route::Route;
use crate::methods::{MAX_EXTENSION_METHODS, Methods, STANDARD, is_token};
use crate::pattern::{Piece, PieceKind, Scanner};
use crate::text::{cut, same};

/// How much room the draft of a table needs at most.
#[derive(Clone, Copy, Debug)]
pub struct Capacity {
    /// Nodes of the tree.
    pub nodes: usize,
    /// Places of the hash table, a power of two.
    pub slots: usize,
    /// Pairs of a route and a method.
    pub rows: usize,
    /// Bytes of literals.
    pub text: usize,
}

impl Capacity {
    /// The room that these routes need at most.
    #[must_use]
    pub const fn of(routes: &[Route<'_>]) -> Self {
        let (mut nodes, mut rows, mut text) = (1, 0, 0);
        let mut i = 0;
        while i < routes.len() {
            let route = &routes[i];
            nodes += slashes(route.pattern.as_bytes());
            rows += route.methods.bits().count_ones() as usize + route.extension_methods.len();
            text += route.pattern.len();
            i += 1;
        }
        Self { nodes, slots: (2 * nodes).next_power_of_two(), rows, text }
    }
}

/// One method of one route, in the list that starts at an [`End`] of the draft. Places are counted from 1, 0 is the end of the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftRow {
    pub(super) bit: u32,
    pub(super) route: u32,
    pub(super) next: u32,
}

impl DraftRow {
    pub(super) const NONE: Self = Self { bit: 0, route: 0, next: 0 };
}

/// The room of a draft, and how much of it is used.
#[derive(Debug)]
pub(super) struct Builder<'s, 'r> {
    pub(super) nodes: &'s mut [Node],
    pub(super) slots: &'s mut [u32],
    pub(super) rows: &'s mut [DraftRow],
    pub(super) text: &'s mut [u8],
    pub(super) extensions: &'s mut [&'r str; MAX_EXTENSION_METHODS],
    pub(super) used: Used,
}

/// How much of a draft is used, and what the frozen table will need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Used {
    pub(super) nodes: usize,
    pub(super) literals: usize,
    pub(super) rows: usize,
    pub(super) text: usize,
    pub(super) extensions: usize,
    /// Rows of the frozen table: those of the draft, and `HEAD` from `GET`.
    pub(super) final_rows: usize,
    pub(super) longest_literal: usize,
}

impl Used {
    pub(super) const NONE: Self =
        Self { nodes: 1, literals: 0, rows: 0, text: 0, extensions: 0, final_rows: 0, longest_literal: 0 };
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
        let mut scanner = Scanner::new(route.pattern);
        let mut node = 0;
        let mut rest = false;
        loop {
            match scanner.segment() {
                Ok(Some(piece)) => match piece.kind {
                    PieceKind::Rest => rest = true,
                    PieceKind::Literal => node = self.literal(node, route.pattern.as_bytes(), &piece),
                    PieceKind::Param if piece.end - piece.start > piece.name.1 - piece.name.0 + 2 => {
                        node = self.affixed(node, route.pattern.as_bytes(), &piece);
                    }
                    PieceKind::Param => node = self.param(node),
                },
                Ok(None) => break,
                Err(error) => return errors.push(Fault::Pattern { route: index, error }),
            }
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
        self.end(node, rest, bits, index, errors);
    }

    /// The child for a literal segment.
    const fn literal(&mut self, parent: usize, pattern: &[u8], piece: &Piece) -> usize {
        let literal = cut(pattern, piece.start, piece.end);
        let key = edge(hash(literal), parent as u32);
        let slot = match self.find(parent, NodeKind::Literal, key, literal, &[]) {
            Ok(node) => return node,
            Err(slot) => slot,
        };
        let node = self.grow(parent, NodeKind::Literal, key, literal, &[]);
        self.slots[slot] = node as u32;
        self.nodes[parent].literals = true;
        self.used.literals += 1;
        if literal.len() > self.used.longest_literal {
            self.used.longest_literal = literal.len();
        }
        node
    }

    /// The child for a parameter with a literal before or after it.
    const fn affixed(&mut self, parent: usize, pattern: &[u8], piece: &Piece) -> usize {
        let prefix = cut(pattern, piece.start, piece.name.0 - 1);
        let suffix = cut(pattern, piece.suffix, piece.end);
        let key = edge(mix(hash(prefix), hash(suffix)), parent as u32);
        let slot = match self.find(parent, NodeKind::Affixed, key, prefix, suffix) {
            Ok(node) => return node,
            Err(slot) => slot,
        };
        let node = self.grow(parent, NodeKind::Affixed, key, prefix, suffix);
        self.slots[slot] = node as u32;

        let mut before = 0;
        let mut after = self.nodes[parent].affixed as usize;
        while after != 0 && !self.precedes(node, after) {
            before = after;
            after = self.nodes[after].sibling as usize;
        }
        self.nodes[node].sibling = after as u32;
        match before {
            0 => self.nodes[parent].affixed = node as u32,
            _ => self.nodes[before].sibling = node as u32,
        }
        node
    }

    /// Whether the affixes of `a` are tried before those of `b`: more text first, then more of it before the parameter. What is equal
    /// in both never matches the same segment.
    const fn precedes(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.nodes[a], &self.nodes[b]);
        let (all_a, all_b) = (a.prefix as u32 + a.suffix as u32, b.prefix as u32 + b.suffix as u32);
        all_a > all_b || all_a == all_b && a.prefix > b.prefix
    }

    /// The child for a plain parameter.
    const fn param(&mut self, parent: usize) -> usize {
        if self.nodes[parent].param == 0 {
            self.nodes[parent].param = self.grow(parent, NodeKind::Param, 0, &[], &[]) as u32;
        }
        self.nodes[parent].param as usize
    }

    /// The child with these literals, or the free place where its number belongs.
    const fn find(
        &self,
        parent: usize,
        kind: NodeKind,
        key: u64,
        prefix: &[u8],
        suffix: &[u8],
    ) -> Result<usize, usize> {
        let mut slot = place(key, self.slots.len());
        loop {
            let index = self.slots[slot] as usize;
            if index == 0 {
                return Err(slot);
            }
            let node = &self.nodes[index];
            if node.key == key
                && node.parent as usize == parent
                && node.kind as u8 == kind as u8
                && same(node.prefix(self.text), prefix)
                && same(node.suffix(self.text), suffix)
            {
                return Ok(index);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    const fn grow(&mut self, parent: usize, kind: NodeKind, key: u64, prefix: &[u8], suffix: &[u8]) -> usize {
        let node = self.used.nodes;
        self.nodes[node] = Node {
            parent: parent as u32,
            kind,
            text: self.used.text as u32,
            prefix: prefix.len() as u16,
            suffix: suffix.len() as u16,
            key,
            ..Node::ROOT
        };
        self.used.nodes += 1;
        self.used.text = append(self.text, self.used.text, prefix);
        self.used.text = append(self.text, self.used.text, suffix);
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

    /// Puts the route at the end of its pattern, and finds out whether another one takes its methods there already.
    const fn end(&mut self, node: usize, rest: bool, bits: u32, route: usize, errors: &mut FreezeError<'r>) {
        let mut end = if rest { self.nodes[node].rest } else { self.nodes[node].end };
        self.conflicts(end, bits, route, errors);
        let mut bits = bits & !end.methods;
        while bits != 0 {
            let bit = bits & bits.wrapping_neg();
            bits &= bits - 1;
            self.rows[self.used.rows] = DraftRow { bit, route: route as u32, next: end.first };
            self.used.rows += 1;
            let before = answered(end.methods).count_ones();
            end = End { methods: end.methods | bit, first: self.used.rows as u32 };
            self.used.final_rows += (answered(end.methods).count_ones() - before) as usize;
        }
        if rest {
            self.nodes[node].rest = end;
        } else {
            self.nodes[node].end = end;
        }
    }

    /// Reports each earlier route that shares a method with this one, once.
    const fn conflicts(&self, end: End, bits: u32, route: usize, errors: &mut FreezeError<'r>) {
        let mut shared = end.methods & bits;
        while shared != 0 {
            let first = self.row(end, shared & shared.wrapping_neg()).route;
            let mut methods = 0;
            let mut rest = shared;
            while rest != 0 {
                let bit = rest & rest.wrapping_neg();
                rest &= rest - 1;
                if self.row(end, bit).route == first {
                    methods |= bit;
                }
            }
            shared &= !methods;
            errors.push(Fault::Conflict { first: first as usize, second: route, methods });
        }
    }

    const fn row(&self, end: End, bit: u32) -> DraftRow {
        let mut place = end.first as usize;
        while place != 0 {
            let row = self.rows[place - 1];
            if row.bit == bit {
                return row;
            }
            place = row.next as usize;
        }
        DraftRow::NONE
    }
}

/// The methods that are answered where there are routes for `methods`: `HEAD` from `GET`.
pub(super) const fn answered(methods: u32) -> u32 {
    const GET: u32 = Methods::GET.bits();
    const HEAD: u32 = Methods::HEAD.bits();
    if methods & GET != 0 { methods | HEAD } else { methods }
}

const fn append(text: &mut [u8], len: usize, part: &[u8]) -> usize {
    text.split_at_mut(len).1.split_at_mut(part.len()).0.copy_from_slice(part);
    len + part.len()
}

/// How many slashes there are, which is as many as a pattern has segments, or more. Eight bytes at a time.
const fn slashes(mut bytes: &[u8]) -> usize {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let mut count = 0;
    while let Some((word, more)) = bytes.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*word) ^ 0x2F2F_2F2F_2F2F_2F2F; // 0 in place of each slash
        count += (!(((word & LOW) + LOW) | word | LOW)).count_ones() as usize;
        bytes = more;
    }
    let mut i = 0;
    while i < bytes.len() {
        count += (bytes[i] == b'/') as usize;
        i += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::slashes;

    #[test]
    fn slashes_are_counted_exactly() {
        let text = b"/a//0.\xAF\x2E/////////x/..0/0\x00/";
        for len in 0..=text.len() {
            assert_eq!(slashes(&text[..len]), text[..len].iter().filter(|&&byte| byte == b'/').count());
        }
    }
}
