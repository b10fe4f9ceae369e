//! Hash tables of edges, one for each node that has children for literals, and one for all starts.
//!
//! Const evaluation has the time to look for a shift by which no two edges of a node meet, where a lookup would have to guess whether it must
//! look further.

use super::key::{edge, edge_of_both};
use super::node::KeyWords;

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

/// The places for so many edges, as a power of two: as many as it takes for some shift to keep them apart, if they are few.
///
/// (A loop, since const evaluation takes as long for a call into `core` as for fifty steps.)
pub(super) const fn places(edges: usize) -> u32 {
    let (square, most) = (edges * edges / 5, if edges <= 256 { 8 * edges } else { 4 * edges });
    let mut wanted = if square < most { square } else { most };
    if wanted < edges {
        wanted = edges;
    }
    let mut power = 0;
    while 1 << power < wanted {
        power += 1;
    }
    power
}

/// What says that an edge falls into a place is a shift and one, or 64 more where others have been tried there before.
const LARGEST_SEEN: u32 = 128;

/// So many edges are put together into places until a shift is found.
const TRIES: usize = 8_192;

/// Puts the first `count` edges, with the values that are to stand in their places, into a block of places that starts there. `keys` are those of the
/// literals that they are for, if they are: if too many are alike in what they are looked for by, they become others, by both words. `seen` is room to reckon in,
/// as long as the places. Gives the shift, how many places there are, how many of them a lookup visits at most, and whether the edges are others.
pub(super) const fn put(
    edges: &mut [u64],
    values: &[Slot],
    keys: &[KeyWords],
    count: usize,
    slots: &mut [Slot],
    base: usize,
    seen: &mut [u32],
) -> (u32, usize, usize, bool) {
    let power = places(count);
    let places = 1 << power;
    if power == 0 {
        slots[base] = values[0];
        return (0, 1, 1, false);
    }
    let mask = places - 1;
    // The high bits of a product are the best.
    let mut shift = 64 - power;
    let (mut best, mut fewest, mut tried) = (shift, count, 0);
    let (mut are_others, mut of_both, mut mark) = (false, false, 1);
    loop {
        let (mut clashes, mut i) = (0, 0);
        // Nothing that stands here after other shifts is that number.
        let own = shift + mark;
        while i < count {
            let place = base + ((edges[i] >> shift) as usize & mask);
            if seen[place] == own {
                clashes += 1;
                if clashes == fewest {
                    break;
                }
            } else {
                seen[place] = own;
            }
            i += 1;
        }
        if clashes < fewest {
            (best, fewest, of_both) = (shift, clashes, are_others);
        }
        tried += count;
        if fewest == 0 || shift == 0 || tried + count > TRIES {
            if are_others || fewest <= count / 8 || keys.is_empty() {
                break;
            }
            edges_by(true, keys, count, values, edges);
            (are_others, mark, shift, tried) = (true, 65, 64 - power, 0);
        } else {
            shift -= 1;
        }
    }
    if are_others && !of_both {
        edges_by(false, keys, count, values, edges);
    }
    let (mut most, mut i) = (1, 0);
    while i < count {
        let first = base + ((edges[i] >> best) as usize & mask);
        let mut place = first;
        if slots[place][0] != 0 {
            // Not from place to place for each of many that are equal: on from where the last one from here has come to.
            if seen[first] > LARGEST_SEEN {
                place = (seen[first] - LARGEST_SEEN) as usize;
            }
            while slots[place][0] != 0 {
                slots[place][0] |= slot!(MORE);
                place = base + ((place + 1 - base) & mask);
            }
            seen[first] = place as u32 + LARGEST_SEEN;
            // The places may begin again before the end.
            let visited = (place + places - first) % places + 1;
            if visited > most {
                most = visited;
            }
        }
        slots[place] = values[i];
        i += 1;
    }
    (best, places, most, of_both)
}

/// The first `count` edges, which lead to these values, by both words or by the last one.
#[expect(clippy::manual_rotate, reason = "const evaluation takes longer for a call")]
const fn edges_by(both: bool, keys: &[KeyWords], count: usize, values: &[Slot], edges: &mut [u64]) {
    let mut edge = 0;
    while edge < count {
        let [_, key] = values[edge];
        let [first, last, _, len] = keys[key as usize];
        edges[edge] = if both { edge_of_both!(first, last) } else { edge!(last, len) };
        edge += 1;
    }
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
        let room = 1 + (1 << places(edges.len()));
        let (mut slots, mut seen) = (vec![[0; 2]; room], vec![0; room]);
        let (mut hashes, values): (Vec<_>, Vec<_>) = edges.iter().copied().unzip();
        let (shift, places, most, _) = put(&mut hashes, &values, &[], edges.len(), &mut slots, 1, &mut seen);
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
        for count in [60, 200, 1_000, 5_000].into_iter().take(if cfg!(miri) { 1 } else { 4 }) {
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
