//! The hash table of all edges: for each literal, and for each start, a place that leads to its node.

use super::key::is_beyond;
use super::node::{KeyWords, Words, kind};
use super::packed::Packed;
use super::start::{self, Starts};

/// In the lowest bits of a place of the hash table, below the index of a node.
macro_rules! slot {
    // What is looked for may be in the next place.
    (MORE) => {
        1
    };
    // It is a literal that takes more than two words to know.
    (LONG) => {
        2
    };
}
pub(super) use slot;

/// How the places of the hash table are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Places {
    /// How far an [`edge`](super::key::edge) is shifted to be the number of a place.
    pub(super) shift: u32,
    /// One less than there are places.
    pub(super) mask: usize,
}

impl Places {
    pub(super) const fn new(places: usize) -> Self {
        Self { shift: 64 - places.trailing_zeros(), mask: places - 1 }
    }

    /// Where the edge from that node is looked for. The node comes in last, since it is known last.
    #[inline(always)]
    pub(super) const fn of(&self, edge: u64, node: u32) -> usize {
        ((edge >> (self.shift % 64)) as usize ^ (node as usize * 9)) & self.mask
    }
}

/// The places for so many literal edges. There is a free one, and few edges are not in their own.
pub(super) const fn places(edges: usize) -> usize {
    let places = (if edges <= 256 { 8 } else { 4 } * edges).next_power_of_two();
    if places < 2 { 2 } else { places }
}

/// Fills the hash table with the literal edges, and the starts or short paths, and counts how many places a lookup visits at most.
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
pub(super) const fn fill(
    tree: &[Words],
    keys: &[KeyWords],
    (nodes, targets, starts): (&mut [Packed], &[u32], &Starts),
    slots: &mut [u32],
    places: &Places,
) -> usize {
    let (size, all, mask) = (tree.len(), nodes.len(), slots.len() - 1);
    let shift = places.shift;
    let mut most = 0;
    // No function, since const evaluation takes long for a call.
    macro_rules! put {
        ($place:expr, $target:expr, $len:expr) => {{
            let (mut slot, mut visited) = ($place, 1);
            while slots[slot] != 0 {
                slots[slot] |= slot!(MORE);
                slot = (slot + 1) & mask;
                visited += 1;
            }
            slots[slot] = ($target << 2) | if is_beyond!($len) { slot!(LONG) } else { 0 };
            if visited > most {
                most = visited;
            }
        }};
    }
    // The starts first: each lookup asks for one, so they are found in their own places.
    let mut index = size;
    while index < all {
        let target = targets[index - size];
        if target != 0 {
            let mut word = starts.words;
            while word < 8 {
                nodes[index][word] = 0;
                word += 1;
            }
            let [_, _, len, ..] = tree[target as usize];
            put!((start::edge!(nodes[index]) >> shift) as usize, target, len);
        }
        index += 1;
    }
    index = 0;
    while index < size {
        if let [parent, kind!(literal), len, ..] = tree[index] {
            let [.., edge] = keys[index];
            put!(((edge >> shift) as usize ^ (parent as usize * 9)) & mask, index as u32, len);
        }
        index += 1;
    }
    most
}
