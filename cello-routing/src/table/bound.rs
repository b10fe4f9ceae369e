//! How many steps a lookup can take.

use super::node::{Node, NodeKind};

/// The largest number of steps of any lookup, on any path and for any method.
///
/// A step is a node entered, a place of the hash table visited, or a pair of affixes compared. A lookup enters a node at most once,
/// because it stands at the same segment of the path whenever it could enter it; and of the children for literals at most one. So a
/// node costs itself, the search for a literal, the dearest of its literal children, each pair of affixes, and all its other children.
pub(super) const fn of(
    nodes: &[Node],
    probes: usize,
    costs: &mut [usize],
    literal_costs: &mut [usize],
) -> usize {
    let mut i = nodes.len();
    while i > 0 {
        i -= 1;
        let node = &nodes[i];
        let search = if node.literals { probes } else { 0 };
        let cost = 1usize.saturating_add(search).saturating_add(costs[i]).saturating_add(literal_costs[i]);
        let parent = node.parent as usize;
        match node.kind {
            NodeKind::Root => return cost,
            NodeKind::Literal if cost > literal_costs[parent] => literal_costs[parent] = cost,
            NodeKind::Literal => {}
            NodeKind::Affixed => costs[parent] = costs[parent].saturating_add(cost).saturating_add(1),
            NodeKind::Param => costs[parent] = costs[parent].saturating_add(cost),
        }
    }
    0
}
