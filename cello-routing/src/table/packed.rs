//! The nodes as a lookup wants them: all of a node in one line of the cache.

use super::key::{EXACT, Key, edge};
use super::node::{Row, Words, kind, word};
use crate::methods::{ANY_BIT, bit};

/// The words of a node in a frozen table, each of them two numbers of 32 bits but for the key:
///
/// 0, 1: the words of the literal's [`Key`]; 2: the parent, and what kind of node it is; 3: the child for a plain parameter,
/// and the first one with affixes; 4: the routes that end here, their methods and where their rows start; 5: those that
/// have a rest parameter here; 6: the next child of the parent with affixes, and the lengths of its affixes.
pub(super) type Packed = [u64; 8];

/// In the high half of word 2, beside the kind.
pub(super) mod flag {
    /// There are children for literals.
    pub(in crate::table) const HAS_LITERALS: u32 = 1 << 2;
    /// The literal is too long for its key to be all of it.
    pub(in crate::table) const LONG: u32 = 1 << 3;
    /// On the way from the root to this node something of lower precedence was left aside.
    pub(in crate::table) const LEADS_BACK: u32 = 1 << 4;
}

/// A node of a frozen table.
#[derive(Clone, Copy)]
pub(super) struct Node<'t>(pub(super) &'t Packed);

impl<'t> Node<'t> {
    #[inline(always)]
    pub(super) fn at(nodes: &'t [Packed], index: u32) -> Option<Self> {
        nodes.get(index as usize).map(Self)
    }

    #[inline(always)]
    pub(super) const fn parent(self) -> u32 {
        self.0[2] as u32
    }

    #[inline(always)]
    pub(super) const fn kind(self) -> u32 {
        (self.0[2] >> 32) as u32 & 3
    }

    #[inline(always)]
    pub(super) const fn has(self, flag: u32) -> bool {
        (self.0[2] >> 32) as u32 & flag != 0
    }

    #[inline(always)]
    pub(super) const fn param(self) -> u32 {
        self.0[3] as u32
    }

    #[inline(always)]
    pub(super) const fn affixed(self) -> u32 {
        (self.0[3] >> 32) as u32
    }

    #[inline(always)]
    pub(super) const fn end(self) -> End {
        End(self.0[4])
    }

    #[inline(always)]
    pub(super) const fn rest(self) -> End {
        End(self.0[5])
    }

    #[inline(always)]
    pub(super) const fn sibling(self) -> u32 {
        self.0[6] as u32
    }

    /// Whether the literal has these words, and leaves that node.
    #[inline(always)]
    pub(super) const fn is(self, key: Key, parent: u32) -> bool {
        (self.0[0] ^ key.first) | (self.0[1] ^ key.second) | (self.0[2] as u32 ^ parent) as u64 == 0
    }

    /// What stands before the parameter of the segment, and what after it.
    pub(super) fn affixes(self, segment: &[u8]) -> (&[u8], &[u8]) {
        let (prefix, suffix) = ((self.0[6] >> 32 & 0xFFFF) as usize, (self.0[6] >> 48) as usize);
        (
            segment.get(..prefix).unwrap_or_default(),
            segment.get(segment.len().saturating_sub(suffix)..).unwrap_or_default(),
        )
    }
}

/// The routes of one pattern: which methods they take, `HEAD` included where `GET` is, and where their rows start. The rows
/// stand in the order of the bits.
#[derive(Clone, Copy)]
pub(super) struct End(u64);

impl End {
    #[inline(always)]
    pub(super) const fn methods(self) -> u32 {
        self.0 as u32
    }

    /// The route that takes the method: its own, or that for `ANY`.
    #[inline(always)]
    pub(super) fn route(self, rows: &[u32], method: u8) -> Option<u32> {
        let own = 1 << method;
        let bit = if self.methods() & own != 0 { own } else { ANY };
        if self.methods() & bit == 0 {
            return None;
        }
        let before = (self.methods() & (bit - 1)).count_ones();
        rows.get(((self.0 >> 32) as u32 + before) as usize).copied()
    }
}

const ANY: u32 = 1 << ANY_BIT;

/// The methods that are answered where there are routes for `methods`: `HEAD` from `GET`.
pub(super) const fn answered(methods: u32) -> u32 {
    if methods & bit!(GET) != 0 { methods | bit!(HEAD) } else { methods }
}

/// Packs the nodes of a draft, and puts the rows of each end side by side.
pub(super) const fn pack(
    tree: &[Words],
    drafted: &[Row],
    segments: &[&str],
    nodes: &mut [Packed],
    rows: &mut [u32],
) {
    let mut used = 0;
    let mut index = 0;
    while index < tree.len() {
        let node = &tree[index];
        let parent = &tree[node[word!(parent)] as usize];
        let mut flags = node[word!(kind)];
        if node[word!(has_literals)] != 0 {
            flags |= flag::HAS_LITERALS;
        }
        let mut key = Key { first: 0, second: 0, hash: 0 };
        let later = match node[word!(kind)] {
            kind!(literal) => {
                key = Key::of(segments[index]);
                if segments[index].len() > EXACT {
                    flags |= flag::LONG;
                }
                parent[word!(affixed)] | parent[word!(param)] | parent[word!(rest)]
            }
            kind!(affixed) => node[word!(sibling)] | parent[word!(param)] | parent[word!(rest)],
            kind!(param) => parent[word!(rest)],
            _ => 0,
        };
        if later != 0
            || index > 0 && (nodes[node[word!(parent)] as usize][2] >> 32) as u32 & flag::LEADS_BACK != 0
        {
            flags |= flag::LEADS_BACK;
        }
        let mut ends = [0, 0];
        let mut which = 0;
        while which < 2 {
            let end = if which == 0 { word!(end) } else { word!(rest) };
            let methods = answered(node[end]);
            if methods != 0 {
                ends[which] = methods as u64 | (used as u64) << 32;
                list(methods, node[end + 1], drafted, rows, used);
                used += methods.count_ones() as usize;
            }
            which += 1;
        }
        nodes[index] = [
            key.first,
            key.second,
            node[word!(parent)] as u64 | (flags as u64) << 32,
            node[word!(param)] as u64 | (node[word!(affixed)] as u64) << 32,
            ends[0],
            ends[1],
            node[word!(sibling)] as u64 | (node[word!(affixes)] as u64) << 32,
            0,
        ];
        index += 1;
    }
}

/// Puts the rows of one end in the order of their bits. The row of `GET` is that of `HEAD` too, if that has none.
const fn list(methods: u32, mut next: u32, drafted: &[Row], rows: &mut [u32], start: usize) {
    let mut head = true;
    while next != 0 {
        let [bit, route, after] = drafted[next as usize - 1];
        rows[start + (methods & (bit - 1)).count_ones() as usize] = route;
        head &= bit != bit!(HEAD);
        next = after;
    }
    // `GET` is the lowest bit, and `HEAD` the next one.
    if head && methods & bit!(HEAD) != 0 {
        rows[start + 1] = rows[start];
    }
}

/// How the places of the hash table are read: each holds the index of a node, a tag, and whether what is looked for may be
/// in the next place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Places {
    /// How far the high bits of an [`edge`] are shifted to be the number of a place.
    pub(super) shift: u32,
    /// The bits of the index.
    pub(super) index: u32,
    /// The bits of the tag.
    pub(super) tag: u32,
    /// The bit that says that the search goes on.
    pub(super) more: u32,
}

impl Places {
    pub(super) const fn new(nodes: usize, places: usize) -> Self {
        let more = nodes.next_power_of_two() as u32;
        Self { shift: 64 - places.trailing_zeros(), index: more - 1, tag: !(more | (more - 1)), more }
    }

    /// The tag of an edge.
    #[inline(always)]
    pub(super) const fn tag(&self, edge: u64) -> u32 {
        (edge >> 12) as u32 & self.tag
    }
}

/// The places for so many literal edges. There is a free one, and few edges are not in their own.
pub(super) const fn places(edges: usize) -> usize {
    let places = (if edges <= 256 { 8 } else { 4 } * edges).next_power_of_two();
    if places < 2 { 2 } else { places }
}

/// Fills the hash table with the literal edges, and counts how many places a lookup visits at most.
pub(super) const fn fill(
    tree: &[Words],
    segments: &[&str],
    nodes: &[Packed],
    slots: &mut [u32],
    places: &Places,
) -> usize {
    let mask = slots.len() - 1;
    let mut most = 0;
    let mut index = 0;
    while index < tree.len() {
        if tree[index][word!(kind)] == kind!(literal) {
            let hash = if segments[index].len() >= EXACT {
                Key::of(segments[index]).hash
            } else {
                super::key::hash(nodes[index][0], nodes[index][1])
            };
            let edge = edge(hash, tree[index][word!(parent)]);
            let mut slot = (edge >> places.shift) as usize;
            let mut visited = 1;
            while slots[slot] & places.index != 0 {
                slots[slot] |= places.more;
                slot = (slot + 1) & mask;
                visited += 1;
            }
            slots[slot] |= index as u32 | places.tag(edge);
            if visited > most {
                most = visited;
            }
        }
        index += 1;
    }
    most
}
