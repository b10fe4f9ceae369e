//! Hash tables of edges, one for each node that has children for literals, and one for all starts.
//!
//! Const evaluation has the time to look for a shift by which no two edges of a node meet, where a lookup would have to guess whether it must
//! look further.

use super::node::{Words, word};

/// What stands in a place: the node that the edge leads to, and its key, or where the start stands among the starts. Zeros, if nothing
/// does.
pub(super) type Slot = [u32; 2];

/// In the lowest bits of a place, below the index of the node.
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

/// Some places side by side, as many as a power of two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block {
    /// How far an [`edge`](super::key::edge) is shifted to be the number of a place.
    pub(super) shift: u32,
    /// One less than there are places.
    pub(super) mask: u32,
    /// The first of them.
    pub(super) base: u32,
}

impl Block {
    /// The place that is always free.
    pub(super) const NONE: Self = Self { shift: 0, mask: 0, base: 0 };

    /// Where the edge is looked for.
    #[inline(always)]
    pub(super) const fn of(self, edge: u64) -> usize {
        self.base as usize + ((edge >> (self.shift % 64)) as u32 & self.mask) as usize
    }

    /// Where it is looked for then.
    #[inline]
    pub(super) const fn after(self, place: usize) -> usize {
        self.base as usize + ((place + 1).wrapping_sub(self.base as usize) & self.mask as usize)
    }
}

/// The places for so many edges: as many as it takes for some shift to keep them apart, if they are few.
pub(super) const fn places(edges: usize) -> usize {
    let (square, most) = (edges * edges / 5, if edges <= 256 { 8 * edges } else { 4 * edges });
    let places = if square < most { square } else { most };
    (if places < edges { edges } else { places }).next_power_of_two()
}

/// How many places there are for all literals of a tree, and for so many starts.
pub(super) const fn all(tree: &[Words], starts: usize) -> usize {
    let (mut all, mut index) = (1, 0);
    if starts != 0 {
        all += places(starts);
    }
    while index < tree.len() {
        let mut child = tree[index][word!(literals)] as usize;
        if child != 0 {
            let mut edges = 0;
            while child != 0 {
                edges += 1;
                child = tree[child][word!(sibling)] as usize;
            }
            all += places(edges);
        }
        index += 1;
    }
    all
}

/// So many edges are put together into places until a shift is found.
const TRIES: usize = 8_192;

/// Puts the first `count` edges, with what is to stand in their places, into a block of places that starts there. Gives the shift, how many places
/// there are, and how many of them a lookup visits at most.
pub(super) const fn put(
    edges: &[(u64, Slot)],
    count: usize,
    slots: &mut [Slot],
    base: usize,
) -> (u32, usize, usize) {
    let places = places(count);
    let mask = places - 1;
    // The high bits of a product are the best.
    let mut shift = 64 - places.trailing_zeros();
    if shift == 64 {
        slots[base] = edges[0].1;
        return (0, 1, 1);
    }
    let (mut best, mut fewest) = (shift, count);
    let mut tried = 0;
    while fewest != 0 && (tried == 0 || tried + count <= TRIES) {
        let (mut clashes, mut i) = (0, 0);
        while i < count && clashes < fewest {
            let place = base + ((edges[i].0 >> shift) as usize & mask);
            // Nothing that stands here after other shifts is that number.
            if slots[place][0] == shift + 1 {
                clashes += 1;
            } else {
                slots[place][0] = shift + 1;
            }
            i += 1;
        }
        if clashes < fewest {
            (best, fewest) = (shift, clashes);
        }
        if shift == 0 {
            break;
        }
        tried += count;
        shift -= 1;
    }
    let mut place = 0;
    while place < places {
        slots[base + place] = [0; 2];
        place += 1;
    }
    let (mut most, mut i) = (1, 0);
    while i < count {
        let (edge, value) = edges[i];
        let (mut place, mut visited) = ((edge >> best) as usize & mask, 1);
        while slots[base + place][0] != 0 {
            slots[base + place][0] |= slot!(MORE);
            place = (place + 1) & mask;
            visited += 1;
        }
        slots[base + place] = value;
        if visited > most {
            most = visited;
        }
        i += 1;
    }
    (best, places, most)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{vec, vec::Vec};

    /// Edges as words are hashed, and what they lead to.
    fn edges(count: u32) -> Vec<(u64, Slot)> {
        (1..=count).map(|i| (u64::from(i).wrapping_mul(0x9E37_79B9_7F4A_7C15), [i << 2, i])).collect()
    }

    /// The block of these edges behind a place that is somebody else's, in which each of them is found.
    fn block(edges: &[(u64, Slot)]) -> usize {
        let mut slots = vec![[0; 2]; 1 + places(edges.len())];
        let (shift, places, most) = put(edges, edges.len(), &mut slots, 1);
        let block = Block { shift, mask: places as u32 - 1, base: 1 };
        for &(edge, [leads, key]) in edges {
            let (mut place, mut visited) = (block.of(edge), 1);
            while slots[place][1] != key {
                assert_eq!(slots[place][0] & slot!(MORE), slot!(MORE));
                place = block.after(place);
                visited += 1;
            }
            assert_eq!(slots[place][0] & !slot!(MORE), leads);
            assert!(visited <= most);
        }
        assert_eq!(slots[0], [0; 2]);
        most
    }

    #[test]
    fn few_edges_never_meet() {
        for count in 1..=40 {
            assert_eq!(block(&edges(count)), 1, "{count} edges");
        }
    }

    #[test]
    fn many_edges_hardly_go_on() {
        for count in [60, 200, 1_000, 5_000] {
            let most = block(&edges(count));
            assert!(most <= 8, "{count} edges, {most} places");
        }
    }

    #[test]
    fn edges_that_are_equal_go_on() {
        let mut edges = edges(20);
        edges.iter_mut().for_each(|edge| edge.0 = 7);
        assert_eq!(block(&edges), 20);
    }
}
