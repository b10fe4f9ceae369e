//! The nodes as a lookup wants them: as few bytes as can be, since a large table is fetched from far away, line by line.

use super::lengths;
use super::node::affix;
use super::places::Block;
use crate::methods::{ANY_BIT, STANDARD, bit};

/// What the straight way down reads of a node: its [`flag`]s, and how far an edge is shifted to be a place; the mask of that, and where
/// the places of its literals start (see [`Block`]); the methods of the routes that end here, and how many rows come before theirs, from where the
/// node's own are counted (see [`share`](super::share)).
///
/// The child for a plain parameter is the next node.
pub(super) type Packed = [u32; 5];

/// What is read of a node beside that: its parent; the first child with affixes; the next child of the parent with affixes; the
/// lengths of its affixes; the methods of the routes that have a rest parameter here, and how many rows come before theirs; and how many segments
/// come behind this place in what was left aside on the way here, see [`lengths`](super::lengths).
pub(super) type More = [u32; 7];

/// In the first word of a node, beside its [`kind`](super::node::kind).
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
    // There are children with affixes.
    (HAS_AFFIXED) => {
        256
    };
    // There is a child for a plain parameter.
    (HAS_PARAM) => {
        512
    };
    // There are routes with a rest parameter here.
    (HAS_REST) => {
        1024
    };
    // The edges are told apart by both words of their literals.
    (BY_BOTH) => {
        2048
    };
    // The shift of the places, in the bits from this one on.
    (shift) => {
        16
    };
}
pub(super) use flag;

/// A node of a frozen table.
#[derive(Clone, Copy)]
pub(super) struct Node<'t>(&'t Packed);

impl<'t> Node<'t> {
    #[inline(always)]
    pub(super) fn at(nodes: &'t [Packed], index: u32) -> Option<Self> {
        nodes.get(index as usize).map(Self)
    }

    #[inline(always)]
    pub(super) const fn kind(self) -> u32 {
        self.0[0] & 3
    }

    #[inline(always)]
    pub(super) const fn has(self, flag: u32) -> bool {
        self.0[0] & flag != 0
    }

    /// The places of its literals. If it has none, the place that is always free.
    #[inline(always)]
    pub(super) const fn places(self) -> Block {
        let [flags, mask, base, ..] = *self.0;
        Block { shift: flags >> flag!(shift), mask, base }
    }

    /// The routes that end here, if its rows are counted from there.
    #[inline(always)]
    pub(super) const fn end(self, rows: u32) -> End {
        let [_, _, _, methods, before] = *self.0;
        End { methods, rows: rows + before }
    }

    /// Whether what leads on from here are literals, if anything does.
    #[inline(always)]
    pub(super) const fn has_literals_alone(self) -> bool {
        !self.has(flag!(HAS_AFFIXED) | flag!(HAS_PARAM) | flag!(HAS_REST))
    }
}

/// What is read of a node beside that.
#[derive(Clone, Copy)]
pub(super) struct Beside<'t>(pub(super) &'t More);

impl Beside<'_> {
    pub(super) const NONE: Self = Self(&[0; 7]);

    pub(super) const fn parent(self) -> u32 {
        self.0[0]
    }

    pub(super) const fn affixed(self) -> u32 {
        self.0[1]
    }

    pub(super) const fn sibling(self) -> u32 {
        self.0[2]
    }

    /// What stands before the parameter of the segment, and what after it.
    pub(super) fn affixes(self, segment: &[u8]) -> (&[u8], &[u8]) {
        let (prefix, suffix) = (affix!(prefix of self.0[3]), affix!(suffix of self.0[3]));
        (
            segment.get(..prefix).unwrap_or_default(),
            segment.get(segment.len().saturating_sub(suffix)..).unwrap_or_default(),
        )
    }

    /// The routes that have a rest parameter here, if its rows are counted from there.
    #[inline(always)]
    pub(super) const fn rest(self, rows: u32) -> End {
        let [_, _, _, _, methods, before, _] = *self.0;
        End { methods, rows: rows + before }
    }

    /// Whether something that was left aside can match a path of which so many segments come behind this place.
    #[inline(always)]
    pub(super) const fn leads_back(self, left: usize) -> bool {
        let [.., left_aside] = *self.0;
        left_aside & lengths::set(left) != 0
    }
}

/// The routes of one pattern: which methods they take, and where their rows start. The rows stand in the order of the bits.
#[derive(Clone, Copy)]
pub(super) struct End {
    methods: u32,
    rows: u32,
}

impl End {
    /// The methods, `HEAD` included where `GET` is.
    #[inline(always)]
    pub(super) const fn methods(self) -> u32 {
        self.methods | ((self.methods & bit!(GET)) * bit!(HEAD))
    }

    /// The route that takes the method: its own, that of `GET` for `HEAD`, or that for `ANY`.
    #[inline(always)]
    pub(super) fn route(self, rows: &[u32], method: u8) -> Option<u32> {
        let mut bit = 1 << method;
        if self.methods & bit == 0 {
            bit = if bit == bit!(HEAD) && self.methods & bit!(GET) != 0 { bit!(GET) } else { ANY };
            if self.methods & bit == 0 {
                return None;
            }
        }
        let before = self.methods & (bit - 1);
        // Few processors can be relied on to count bits at once.
        let before = ONES.get(before as usize).map_or_else(|| before.count_ones(), |&ones| ones.into());
        rows.get((self.rows + before) as usize).copied()
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
