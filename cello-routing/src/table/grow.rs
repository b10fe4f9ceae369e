//! The tree itself: nodes, the edges to them, and the routes at their ends.
//!
//! Const evaluation pays for a call as for fifty steps, and at each call for each constant with a name that the function
//! mentions: so there are few functions, and few constants, in the way of every route and every segment.

use super::draft::Builder;
use super::fault::Fault;
use super::key::{draft_hash, is_long};
use super::node::{affix, beyond, depth, kind, word};
use crate::methods::{MAX_EXTENSION_METHODS, Methods, STANDARD, is_token};
use crate::text::{cut, same, slice};

impl<'r> Builder<'_, 'r> {
    /// The child for the literal that starts there in the text, which grows if there is none.
    #[expect(clippy::too_many_arguments, reason = "a structure is put together first, and taken apart again")]
    pub(super) const fn literal(
        &mut self,
        parent: usize,
        text: &'r str,
        start: usize,
        first: u64,
        last: u64,
        middle: u64,
        len: u32,
    ) -> usize {
        let mask = self.used.mask;
        let hash = draft_hash!(first, last, middle);
        let mut slot = (hash ^ parent) & mask;
        loop {
            let index = self.slots[slot] as usize;
            if index == 0 {
                break;
            }
            // Copied, then taken apart: each part of what is behind an index is a way to there.
            let words = self.tree[index];
            let [own_parent, _, own_len, .., key, _] = words;
            if own_parent == parent as u32 && own_len == len {
                let key = self.keys[key as usize];
                let [own_first, own_last, own_middle, _] = key;
                if own_first == first
                    && own_last == last
                    && own_middle == middle
                    && (!is_long!(len)
                        || same(
                            self.segments[index].as_bytes(),
                            cut(text.as_bytes(), start, start + len as usize),
                        ))
                {
                    return index;
                }
            }
            slot = (slot + 1) & mask;
        }

        let index = self.used.nodes;
        self.used.nodes = index + 1;
        if len > self.used.longest {
            self.used.longest = len;
        }
        self.slots[slot] = index as u32;
        slot = hash & mask;
        let mut key = self.texts[slot] as usize;
        while key != 0 {
            let words = self.keys[key];
            let [own_first, own_last, own_middle, own_len] = words;
            if own_first == first && own_last == last && own_middle == middle && own_len == len as u64 {
                break;
            }
            slot = (slot + 1) & mask;
            key = self.texts[slot] as usize;
        }
        if key == 0 {
            self.used.keys += 1;
            key = self.used.keys;
            self.texts[slot] = key as u32;
            self.keys[key] = [first, last, middle, len as u64];
        }
        // Of shorter ones the key says all.
        if is_long!(len) {
            self.segments[index] = slice(text, start, start + len as usize);
        }
        let words = self.tree[parent];
        let [_, _, _, _, _, _, sibling, _, _, _, _, before, mut depth, _, edges] = words;
        let edges = edges + 1;
        let reach = before + 1 + len;
        if depth <= depth!(most) {
            depth += 1;
            self.used.literals_at[depth as usize] += 1;
        }
        self.tree[index] =
            [parent as u32, kind!(literal), len, 0, sibling, 0, 0, 0, 0, 0, 0, reach, depth, key as u32, 0];
        self.tree[parent][word!(literals)] = index as u32;
        self.tree[parent][word!(edges)] = edges;
        index
    }

    /// The child for a parameter with these affixes, which grows if there is none.
    pub(super) const fn affixed(
        &mut self,
        parent: usize,
        text: &'r str,
        prefix: usize,
        suffix: usize,
    ) -> usize {
        let affixes = affix!(word of prefix, suffix);
        let (mut before, mut next) = (0, self.tree[parent][word!(affixed)] as usize);
        while next != 0 {
            let other = &self.tree[next];
            if other[word!(affixes)] == affixes && self.has_affixes(next, text, prefix, suffix) {
                return next;
            }
            // More text first, then more of it before the parameter. What is equal in both never matches the same segment.
            let others = other[word!(affixes)];
            let (all, all_others) = (prefix + suffix, affix!(prefix of others) + affix!(suffix of others));
            if all < all_others || all == all_others && prefix <= affix!(prefix of others) {
                before = next;
            }
            next = other[word!(sibling)] as usize;
        }

        let index = self.used.nodes;
        self.used.nodes = index + 1;
        self.segments[index] = text;
        let place = if before == 0 { (parent, word!(affixed)) } else { (before, word!(sibling)) };
        let after = self.tree[place.0][place.1];
        self.tree[place.0][place.1] = index as u32;
        let depth = self.tree[parent][word!(depth)] | depth!(param);
        self.tree[index] =
            [parent as u32, kind!(affixed), affixes, 0, after, 0, 0, 0, 0, 0, 0, beyond!(), depth, 0, 0];
        index
    }

    const fn has_affixes(&self, node: usize, text: &str, prefix: usize, suffix: usize) -> bool {
        let (own, text) = (self.segments[node].as_bytes(), text.as_bytes());
        same(own.split_at(prefix).0, text.split_at(prefix).0)
            && same(own.split_at(own.len() - suffix).1, text.split_at(text.len() - suffix).1)
    }

    /// The child for a plain parameter.
    pub(super) const fn param(&mut self, parent: usize) -> usize {
        let mut index = self.tree[parent][word!(param)] as usize;
        if index == 0 {
            index = self.used.nodes;
            self.used.nodes = index + 1;
            self.tree[parent][word!(param)] = index as u32;
            let depth = self.tree[parent][word!(depth)] | depth!(param);
            self.tree[index] =
                [parent as u32, kind!(param), 0, 0, 0, 0, 0, 0, 0, 0, 0, beyond!(), depth, 0, 0];
        }
        index
    }

    /// The bit of a method, a new one if need be; `None` if the name is no token or there is no bit left.
    pub(super) const fn method(&mut self, name: &'r str) -> Option<u32> {
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

    /// Puts the route at the end of its pattern, or at the rest parameter there, and finds out whether another one
    /// takes its methods already.
    pub(super) const fn end(&mut self, node: usize, rest: bool, mut bits: u32, route: usize) {
        let end = if rest { word!(rest) } else { word!(end) };
        let before = self.tree[node][end];
        if before == 0 && bits & (bits - 1) == 0 {
            return self.first_end(node, rest, end, bits, route);
        }
        let first = self.tree[node][end + 1];
        let (shared, all) = (before & bits, before | bits);
        bits &= !before;
        if before == 0 {
            let depth = self.tree[node][word!(depth)];
            let depth = if rest { depth | depth!(param) } else { depth };
            self.used.ends_at[depth as usize] += 1;
        }
        let mut next = first;
        let mut used = self.used.rows;
        while bits != 0 {
            self.rows[used] = [bits & !(bits - 1), route as u32, next];
            used += 1;
            next = used as u32;
            bits &= bits - 1;
        }
        self.used.rows = used;
        self.tree[node][end] = all;
        self.tree[node][end + 1] = next;
        if shared != 0 {
            self.conflicts(first, shared, route);
        }
    }

    /// The same for the first route there, if it takes one method, as most do.
    const fn first_end(&mut self, node: usize, rest: bool, end: usize, bit: u32, route: usize) {
        let mut depth = self.tree[node][word!(depth)];
        if rest {
            depth |= depth!(param);
        }
        self.used.ends_at[depth as usize] += 1;
        let used = self.used.rows;
        self.rows[used] = [bit, route as u32, 0];
        self.used.rows = used + 1;
        self.tree[node][end] = bit;
        self.tree[node][end + 1] = used as u32 + 1;
    }

    /// Reports each earlier route that shares a method with this one, once.
    const fn conflicts(&mut self, first: u32, mut shared: u32, route: usize) {
        while shared != 0 {
            let other = self.route(first, shared & shared.wrapping_neg());
            let mut methods = 0;
            let mut rest = shared;
            while rest != 0 {
                let bit = rest & rest.wrapping_neg();
                rest &= rest - 1;
                if self.route(first, bit) == other {
                    methods |= bit;
                }
            }
            shared &= !methods;
            self.faults.push(Fault::Conflict { first: other, second: route, methods });
        }
    }

    /// The route that takes the method of that bit, which is among those of the list.
    const fn route(&self, first: u32, bit: u32) -> usize {
        let mut row = self.rows[first as usize - 1];
        while row[0] != bit && row[2] != 0 {
            row = self.rows[row[2] as usize - 1];
        }
        row[1] as usize
    }
}
