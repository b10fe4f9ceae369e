//! The nodes as a lookup wants them: all of a node in one line of the cache.

use super::key::{Key, edge, is_long};
use super::node::{KeyWords, Row, Words, kind};
use crate::methods::{ANY_BIT, bit};

/// The words of a node in a frozen table, each of them two numbers of 32 bits but for the key:
///
/// 0, 1: the words of the literal's [`Key`]; 2: the parent, and what kind of node it is; 3: the child for a plain parameter,
/// and the first one with affixes; 4: the routes that end here, their methods and where their rows start; 5: those that
/// have a rest parameter here; 6: the next child of the parent with affixes, and the lengths of its affixes.
pub(super) type Packed = [u64; 8];

/// In the high half of word 2, beside the kind.
macro_rules! flag {
    // There are children for literals.
    (HAS_LITERALS) => {
        4
    };
    // The literal may be too long for its key to be all of it.
    (LONG) => {
        8
    };
    // On the way from the root to this node something of lower precedence was left aside.
    (LEADS_BACK) => {
        16
    };
}
pub(super) use flag;

/// The tag of an edge.
macro_rules! tag {
    ($edge:expr, $bits:expr) => {
        ($edge >> 12) as u32 & $bits
    };
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

/// Packs the nodes of a draft, and puts the rows of each end side by side.
pub(super) const fn pack(
    tree: &[Words],
    keys: &[KeyWords],
    drafted: &[Row],
    nodes: &mut [Packed],
    rows: &mut [u32],
) {
    let size = tree.len();
    let (mut used, mut index) = (0, 0);
    while index < size {
        // Taken apart at once, in the order of `word!`: an index is checked each time.
        let [parent, kind, affixes, affixed, sibling, param, has_literals, end, end_rows, rest, rest_rows] =
            tree[index];
        let [_, _, _, any_affixed, _, any_param, _, _, _, any_rest, _] = tree[parent as usize];
        let [first, second, _] = keys[index];
        let mut flags = kind;
        if has_literals != 0 {
            flags |= flag!(HAS_LITERALS);
        }
        if is_long!(second) {
            flags |= flag!(LONG);
        }
        let later = match kind {
            kind!(literal) => any_affixed | any_param | any_rest,
            kind!(affixed) => sibling | any_param | any_rest,
            kind!(param) => any_rest,
            _ => 0,
        };
        // The root is its own parent, and has no flag yet.
        if later != 0 || (nodes[parent as usize][2] >> 32) as u32 & flag!(LEADS_BACK) != 0 {
            flags |= flag!(LEADS_BACK);
        }
        let (mut ends, mut rests) = (0, 0);
        if end != 0 {
            (ends, used) = list(end, end_rows, drafted, rows, used);
        }
        if rest != 0 {
            (rests, used) = list(rest, rest_rows, drafted, rows, used);
        }
        nodes[index] = [
            first,
            second,
            parent as u64 | (flags as u64) << 32,
            param as u64 | (affixed as u64) << 32,
            ends,
            rests,
            sibling as u64 | (affixes as u64) << 32,
            0,
        ];
        index += 1;
    }
}

/// Puts the rows of one end in the order of their bits. The row of `GET` is that of `HEAD` too, if that has none. Gives the
/// word of the node for it, and how many rows there are now.
const fn list(given: u32, first: u32, drafted: &[Row], rows: &mut [u32], used: usize) -> (u64, usize) {
    let start = (used as u64) << 32;
    let [bit, route, mut next] = drafted[first as usize - 1];
    if next == 0 && bit != bit!(GET) {
        rows[used] = route;
        return (given as u64 | start, used + 1);
    }
    if next == 0 {
        rows[used] = route;
        rows[used + 1] = route;
        return ((given | bit!(HEAD)) as u64 | start, used + 2);
    }
    let methods = if given & bit!(GET) != 0 { given | bit!(HEAD) } else { given };
    next = first;
    while next != 0 {
        let [bit, route, after] = drafted[next as usize - 1];
        rows[used + (methods & (bit - 1)).count_ones() as usize] = route;
        next = after;
    }
    // `GET` is the lowest bit, and `HEAD` the next one.
    if methods != given {
        rows[used + 1] = rows[used];
    }
    (methods as u64 | start, used + methods.count_ones() as usize)
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
        tag!(edge, self.tag)
    }
}

/// The places for so many literal edges. There is a free one, and few edges are not in their own.
pub(super) const fn places(edges: usize) -> usize {
    let places = (if edges <= 256 { 8 } else { 4 } * edges).next_power_of_two();
    if places < 2 { 2 } else { places }
}

/// Fills the hash table with the literal edges, and counts how many places a lookup visits at most.
pub(super) const fn fill(tree: &[Words], keys: &[KeyWords], slots: &mut [u32], places: &Places) -> usize {
    let (size, mask) = (tree.len(), slots.len() - 1);
    let Places { shift, index: indices, tag, more } = *places;
    let (mut most, mut index) = (0, 0);
    while index < size {
        let [parent, kind, ..] = tree[index];
        if kind == kind!(literal) {
            let [_, _, hash] = keys[index];
            let edge = edge!(hash, parent);
            let mut slot = (edge >> shift) as usize;
            let mut visited = 1;
            while slots[slot] & indices != 0 {
                slots[slot] |= more;
                slot = (slot + 1) & mask;
                visited += 1;
            }
            slots[slot] |= index as u32 | tag!(edge, tag);
            if visited > most {
                most = visited;
            }
        }
        index += 1;
    }
    most
}
