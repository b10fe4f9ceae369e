//! The nodes as a lookup wants them: all of a node in one line of the cache.

use super::key::{Key, is_long};
use super::node::{KeyWords, Row, Words, kind};
use super::start::{Starts, Text, enough, is_too_long, text, words};
use crate::methods::{ANY_BIT, STANDARD, bit};

/// The words of a node in a frozen table, each of them two numbers of 32 bits but for the key:
///
/// 0, 1, 2: the words of the literal's [`Key`]; 3: the parent, and the length of the literal or those of the affixes; 4: the
/// child for a plain parameter, and the first one with affixes; 5: the routes that end here, their methods and where their
/// rows start; 6: those that have a rest parameter here; 7: the next child of the parent with affixes, or the row with the
/// words of a start that ends here, and what kind of node it is.
pub(super) type Packed = [u64; 8];

/// In the high half of word 7, beside the kind.
macro_rules! flag {
    // There are children for literals that are not found by a start.
    (HAS_LITERALS) => {
        4
    };
    // There are children for literals.
    (HAS_ANY_LITERALS) => {
        128
    };
    // The parent has something of lower precedence than this.
    (HAS_LATER) => {
        8
    };
    // On the way from the root to this node something of lower precedence was left aside.
    (LEADS_BACK) => {
        16
    };
    // The same without what is left aside at the root. Only known of what a start can pass.
    (LEADS_BELOW_ROOT) => {
        32
    };
    // It is too long for a start.
    (NO_START) => {
        64
    };
    // There are children with affixes.
    (HAS_AFFIXED) => {
        256
    };
    // The length of the start that ends here, in the bits from this one on.
    (start) => {
        16
    };
}
pub(super) use flag;

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
        self.0[3] as u32
    }

    #[inline(always)]
    pub(super) const fn kind(self) -> u32 {
        (self.0[7] >> 32) as u32 & 3
    }

    #[inline(always)]
    pub(super) const fn has(self, flag: u32) -> bool {
        (self.0[7] >> 32) as u32 & flag != 0
    }

    #[inline(always)]
    pub(super) const fn param(self) -> u32 {
        self.0[4] as u32
    }

    #[inline(always)]
    pub(super) const fn affixed(self) -> u32 {
        (self.0[4] >> 32) as u32
    }

    #[inline(always)]
    pub(super) const fn end(self) -> End {
        End(self.0[5])
    }

    #[inline(always)]
    pub(super) const fn rest(self) -> End {
        End(self.0[6])
    }

    #[inline(always)]
    pub(super) const fn sibling(self) -> u32 {
        self.0[7] as u32
    }

    /// Whether what leads on from here are literals, if anything does.
    #[inline(always)]
    pub(super) const fn has_literals_alone(self) -> bool {
        self.0[4] | self.0[6] == 0
    }

    /// The length of the start that ends here, or 0.
    #[inline(always)]
    pub(super) const fn start_len(self) -> usize {
        (self.0[7] >> (32 + flag!(start))) as usize
    }

    /// Whether the literal has that key, and leaves that node.
    #[inline(always)]
    pub(super) const fn is(self, key: Key, parent: u32) -> bool {
        let [first, last, middle, at, ..] = *self.0;
        first == key.first
            && last == key.last
            && middle == key.middle
            && at == (parent as u64 | (key.len as u64) << 32)
    }

    /// Whether the middle word of the literal, whose other words are those of the key, is this one, and tells it from all others.
    #[inline(always)]
    pub(super) const fn is_middle(self, key: Key, middle: u64) -> bool {
        !is_long!(key.len) && self.0[2] == middle
    }

    /// The same for a literal of at most two words.
    #[inline(always)]
    pub(super) const fn is_two_words(self, key: Key, parent: u32) -> bool {
        let [first, last, _, at, ..] = *self.0;
        (first ^ key.first) | (last ^ key.last) | (at ^ (parent as u64 | (key.len as u64) << 32)) == 0
    }

    /// What stands before the parameter of the segment, and what after it.
    pub(super) fn affixes(self, segment: &[u8]) -> (&[u8], &[u8]) {
        let (prefix, suffix) = ((self.0[3] >> 32 & 0xFFFF) as usize, (self.0[3] >> 48) as usize);
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
        let mut bit = 1 << method;
        if self.methods() & bit == 0 {
            bit = ANY;
            if self.methods() & bit == 0 {
                return None;
            }
        }
        let before = self.methods() & (bit - 1);
        // Few processors can be relied on to count bits at once.
        let before = ONES.get(before as usize).map_or_else(|| before.count_ones(), |&ones| ones.into());
        rows.get(((self.0 >> 32) as u32 + before) as usize).copied()
    }
}

const ANY: u32 = 1 << ANY_BIT;

/// How many bits each set of standard methods has.
const ONES: &[u8; 1 << STANDARD.len()] = &{
    let mut ones = [0; 1 << STANDARD.len()];
    let mut set = 1;
    while set < ones.len() {
        ones[set] = ones[set / 2] + (set % 2) as u8;
        set += 1;
    }
    ones
};

/// Room to reckon in: for each node behind literals alone its text, and for each row behind the nodes which node it leads to.
pub(super) type Room<'a> = (&'a mut [Text], &'a mut [u32]);

/// Packs the nodes of a draft, and puts the rows of each end side by side. Behind the nodes come the starts of so many segments.
pub(super) const fn pack(
    tree: &[Words],
    keys: &[KeyWords],
    drafted: &[Row],
    (nodes, rows): (&mut [Packed], &mut [u32]),
    depth_of_starts: u32,
    (texts, targets): Room<'_>,
) -> Starts {
    let size = tree.len();
    let mut starts = Starts { depth: depth_of_starts as usize, words: 2, are_all: true };
    let (mut used, mut index, mut row) = (0, 0, size);
    while index < size {
        // Taken apart at once, in the order of `word!`: an index is checked each time.
        let [
            parent,
            kind,
            affixes,
            affixed,
            sibling,
            param,
            has_literals,
            end,
            end_rows,
            rest,
            rest_rows,
            reach,
            depth,
        ] = tree[index];
        let [_, _, _, any_affixed, _, any_param, _, _, _, any_rest, _, before, _] = tree[parent as usize];
        let [first, last, middle, _] = keys[index];
        let mut flags = kind;
        if has_literals != 0 {
            flags |= flag!(HAS_LITERALS) | flag!(HAS_ANY_LITERALS);
        }
        if affixed != 0 {
            flags |= flag!(HAS_AFFIXED);
        }
        let later = match kind {
            kind!(literal) => any_affixed | any_param | any_rest,
            kind!(affixed) => sibling | any_param | any_rest,
            kind!(param) => any_rest,
            _ => 0,
        };
        // The root is its own parent, and has no flag yet.
        let above = (nodes[parent as usize][7] >> 32) as u32;
        if later != 0 {
            flags |= flag!(LEADS_BACK) | flag!(HAS_LATER);
        } else if above & flag!(LEADS_BACK) != 0 {
            flags |= flag!(LEADS_BACK);
        }
        let (mut ends, mut rests) = (0, 0);
        if end != 0 {
            let [bit, route, next] = drafted[end_rows as usize - 1];
            // One method, the most usual case, without a call.
            if next != 0 {
                (ends, used) = list(end, end_rows, drafted, rows, used);
            } else if bit == bit!(GET) {
                ends = (bit!(GET) | bit!(HEAD)) as u64 | (used as u64) << 32;
                rows[used] = route;
                rows[used + 1] = route;
                used += 2;
            } else {
                ends = end as u64 | (used as u64) << 32;
                rows[used] = route;
                used += 1;
            }
        }
        if rest != 0 {
            (rests, used) = list(rest, rest_rows, drafted, rows, used);
        }
        nodes[index] = [
            first,
            last,
            middle,
            parent as u64 | (affixes as u64) << 32,
            param as u64 | (affixed as u64) << 32,
            ends,
            rests,
            sibling as u64 | (flags as u64) << 32,
        ];
        if depth <= depth_of_starts && depth != 0 {
            flags = above & (flag!(LEADS_BELOW_ROOT) | flag!(NO_START));
            if parent != 0 && later != 0 {
                flags |= flag!(LEADS_BELOW_ROOT);
            }
            if is_long!(affixes) || is_too_long!(reach) {
                flags |= flag!(NO_START);
            }
            let ends_before = depth < depth_of_starts;
            let is_start = if ends_before { end != 0 } else { flags & flag!(LEADS_BELOW_ROOT) == 0 };
            if ends_before && (affixed | param | rest) != 0 {
                starts.are_all = false;
            }
            if flags & flag!(NO_START) == 0 {
                texts[index] = text!(texts[parent as usize], before, affixes, first, last, middle);
                if is_start {
                    let words = enough!(reach);
                    if words > starts.words {
                        starts.words = words;
                    }
                    nodes[row] = words!(&texts[index], reach);
                    targets[row - size] = index as u32;
                    nodes[index][7] |= row as u64 | (reach as u64) << (32 + flag!(start));
                    row += 1;
                }
            } else if is_start {
                starts.are_all = false;
            }
            nodes[index][7] |= (flags as u64) << 32;
        }
        index += 1;
    }
    if starts.depth != 0 && starts.are_all {
        nodes[0][7] &= !(flag!(HAS_LITERALS) << 32);
    }
    starts
}

/// Puts the rows of one end in the order of their bits. The row of `GET` is that of `HEAD` too, if that has none. Gives the
/// word of the node for it, and how many rows there are now.
const fn list(given: u32, first: u32, drafted: &[Row], rows: &mut [u32], used: usize) -> (u64, usize) {
    let start = (used as u64) << 32;
    let methods = if given & bit!(GET) != 0 { given | bit!(HEAD) } else { given };
    let mut next = first;
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
