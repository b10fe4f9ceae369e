//! How many steps a lookup can take.

use super::node::{Words, kind};

/// The largest number of steps of any lookup, on any path and for any method.
///
/// A step is a node entered and the first place of an edge visited there, another place visited, or a pair of affixes compared. A lookup
/// enters a node at most once, because it stands at the same segment of the path whenever it could enter it;
/// and of the children for literals at most one. So a node costs itself, the search for a literal, the
/// dearest of its literal children, each pair of affixes, and all its other children.
///
/// The numbers are small: each node is counted in one parent. `costs` has room for two numbers for each node: what its
/// children cost beside those for literals, and what the dearest of those costs.
pub(super) const fn of(tree: &[Words], probes: usize, costs: &mut [(usize, usize)]) -> usize {
    let mut index = tree.len();
    while index > 0 {
        index -= 1;
        let [parent, kind, _, _, _, _, literals, ..] = tree[index]; // see `word!`
        let (others, literal) = costs[index];
        let mut cost = 1 + others + literal;
        if literals != 0 {
            cost += probes - 1; // the first place belongs to the node
        }
        let parent = &mut costs[parent as usize];
        match kind {
            kind!(root) => return cost,
            kind!(literal) if cost <= parent.1 => {}
            kind!(literal) => parent.1 = cost,
            kind!(affixed) => parent.0 += cost + 1,
            _ => parent.0 += cost,
        }
    }
    0
}
