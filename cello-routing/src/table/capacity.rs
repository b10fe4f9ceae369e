//! How large the arrays of a table are.

use super::draft::Used;
use super::places;
use super::route::Route;
use super::share::worth;
use crate::pattern::Prefix;

/// The sizes of the arrays of a table, or of its draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capacity {
    /// Nodes of the tree.
    pub nodes: usize,
    /// Places of edges. Those of a draft are one hash table, a power of two.
    pub slots: usize,
    /// Rows for the methods of the routes.
    pub rows: usize,
    /// Different literals. A draft has as many as nodes.
    pub keys: usize,
    /// Words of what patterns begin with. A draft has none.
    pub starts: usize,
    /// Numbers beside the places of edges, as many as those where equal subtrees are shared. A draft has none.
    pub counts: usize,
}

impl Capacity {
    /// The room that a draft needs at most for patterns of so many parts in all, prefixes counted once for each
    /// [`Builder::enter`](super::Builder::enter), and for routes that name so many methods in all.
    #[must_use]
    pub const fn new(parts: usize, methods: usize) -> Self {
        let nodes = parts + 1;
        Self { nodes, slots: slots(nodes), rows: methods, keys: nodes, starts: 0, counts: 0 }
    }

    /// The room that the draft of these routes needs at most.
    #[must_use]
    pub const fn of(routes: &[Route<'_>]) -> Self {
        let (mut parts, mut methods) = (0, 0);
        let mut i = 0;
        while i < routes.len() {
            let route = &routes[i];
            parts += slashes(route.pattern);
            let mut prefix = route.prefix;
            while let Some(Prefix { text, outer }) = prefix {
                parts += slashes(text);
                prefix = *outer;
            }
            methods += route.methods.bits().count_ones() as usize + route.extension_methods.len();
            i += 1;
        }
        Self::new(parts, methods)
    }
}

impl Used {
    /// The size of the table at most, as long as it is not known whether it [shares](super::share) anything.
    pub(super) const fn room(&self) -> Capacity {
        let size = self.size();
        Capacity { counts: if self.nodes < worth!() { 0 } else { size.slots }, ..size }
    }

    /// The exact size of the table.
    pub(super) const fn size(&self) -> Capacity {
        let (_, starts) = self.starts();
        // The first one stays free, for nodes without literals.
        let slots = 1 + self.shared_places + if starts == 0 { 0 } else { 1 << places::places(starts) };
        Capacity {
            nodes: self.shared_nodes,
            slots,
            rows: self.rows,
            keys: self.keys + 1,
            starts: if starts == 0 { 0 } else { 9 * (starts + 1) },
            counts: if self.is_shared { slots } else { 0 },
        }
    }
}

/// The places of the hash table of a draft, for so many nodes. There is always a free one.
pub(super) const fn slots(nodes: usize) -> usize {
    (nodes + nodes / 3 + 1).next_power_of_two()
}

/// There is one before each segment.
const fn slashes(pattern: &str) -> usize {
    let mut rest = pattern.as_bytes();
    let mut count = 0;
    while let [byte, more @ ..] = rest {
        count += (*byte == b'/') as usize;
        rest = more;
    }
    count
}
