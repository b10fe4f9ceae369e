//! How many steps a lookup can take.

use super::node::{KIND, PARENT, WORDS, kind};

/// The largest number of steps of any lookup, on any path and for any method.
///
/// A step is a node entered, a place of the hash table visited, or a pair of affixes compared. A lookup
/// enters a node at most once, because it stands at the same segment of the path whenever it could enter it;
/// and of the children for literals at most one. So a node costs itself, the search for a literal, the
/// dearest of its literal children, each pair of affixes, and all its other children.
///
/// The numbers are small: each node is counted in one parent.
pub(super) const fn of(
    tree: &[u32],
    probes: usize,
    costs: &mut [usize],
    literal_costs: &mut [usize],
) -> usize {
    let mut node = tree.len();
    while node >= WORDS {
        node -= WORDS;
        let mut cost = 1 + costs[node] + literal_costs[node];
        if tree[node + KIND] & kind::HAS_LITERALS != 0 {
            cost += probes;
        }
        let parent = tree[node + PARENT] as usize;
        match tree[node + KIND] & !kind::HAS_LITERALS {
            kind::ROOT => return cost,
            kind::LITERAL if cost <= literal_costs[parent] => {}
            kind::LITERAL => literal_costs[parent] = cost,
            kind::AFFIXED => costs[parent] += cost + 1,
            _ => costs[parent] += cost,
        }
    }
    0
}
