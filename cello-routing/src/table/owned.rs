//! From routes to a table, at run time.

use alloc::{vec, vec::Vec};

use super::Table;
use super::capacity::Capacity;
use super::draft::{Builder, Last, Used};
use super::fault::{Faults, FreezeError};
use super::freeze::{Facts, finish};
use super::node::{self, KeyWords};
use super::pack::{Arrays, Edges, Parts, Room};
use super::packed::{More, Packed};
use super::places::Slot;
use super::route::Route;
use super::share::share;
use crate::methods::MAX_EXTENSION_METHODS;

/// A table frozen at run time, which owns its arrays. It is built by the same functions as those of
/// [`freeze!`](crate::freeze!), and equal to the table that they build from the same routes.
///
/// ```
/// use cello_routing::{Lookup, Methods, Origin, Route, TableBuf};
/// let origin = Origin { module: "", handler: "get", file: "src/main.rs", line: 1, column: 1 };
/// let routes = [Route { prefix: None, pattern: "/users/<id>", methods: Methods::GET, extension_methods: &[], origin }];
/// let table = TableBuf::freeze(&routes).unwrap();
/// assert!(matches!(table.table().lookup("GET", b"/users/1"), Lookup::Found(_)));
/// ```
#[derive(Clone, Debug)]
pub struct TableBuf<'r> {
    pub(super) nodes: Vec<Packed>,
    more: Vec<More>,
    pub(super) slots: Vec<Slot>,
    rows: Vec<u32>,
    keys: Vec<KeyWords>,
    starts: Vec<u64>,
    pub(super) counts: Vec<u32>,
    segments: Vec<&'r str>,
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    facts: Facts,
}

impl<'r> TableBuf<'r> {
    /// Freezes the routes.
    ///
    /// # Errors
    /// If routes are in conflict or wrong.
    #[expect(clippy::result_large_err, reason = "const evaluation has no box, and a program freezes once")]
    pub fn freeze(routes: &'r [Route<'r>]) -> Result<Self, FreezeError<'r>> {
        Self::of(routes, false)
    }

    /// The same, but equal subtrees are shared however few and small they are: for tests, which need no large tables then.
    ///
    /// # Errors
    /// If routes are in conflict or wrong.
    #[doc(hidden)]
    #[expect(clippy::result_large_err, reason = "as above")]
    pub fn freeze_sharing(routes: &'r [Route<'r>]) -> Result<Self, FreezeError<'r>> {
        Self::of(routes, true)
    }

    #[expect(clippy::result_large_err, reason = "as above")]
    fn of(routes: &'r [Route<'r>], always_shared: bool) -> Result<Self, FreezeError<'r>> {
        let room = Capacity::of(routes);
        let mut tree = vec![node::NONE; room.nodes];
        let mut rows = vec![[0; 3]; room.rows];
        let mut slots = vec![0; room.slots];
        let mut segments = vec![""; room.nodes];
        let mut keys = vec![[0; 4]; room.nodes];
        let mut texts = vec![0; room.slots];
        let mut extensions = [""; MAX_EXTENSION_METHODS];
        let (mut used, mut faults) = (Used::none(room.slots), Faults::NONE);
        let mut builder = Builder {
            tree: &mut tree,
            keys: &mut keys,
            texts: &mut texts,
            slots: &mut slots,
            rows: &mut rows,
            segments: &mut segments,
            extensions: &mut extensions,
            used: &mut used,
            faults: &mut faults,
            last: Last::NONE,
        };
        builder.add_all(routes, 0, routes.len());
        if !faults.is_empty() {
            return Err(FreezeError::new(routes, extensions, faults));
        }
        tree.truncate(used.nodes);
        let mut shares = vec![[0; 5]; used.nodes];
        slots.fill(0);
        share(&tree, &segments, &mut shares, &mut slots, &mut used, always_shared);
        let size = used.size();
        let mut table = Self {
            nodes: vec![[0; 5]; size.nodes],
            more: vec![[0; 7]; size.nodes],
            slots: vec![[0; 2]; size.slots],
            rows: vec![0; size.rows],
            keys: vec![[0; 4]; size.keys],
            starts: vec![0; size.starts],
            counts: vec![0; size.counts],
            segments: vec![""; size.nodes],
            extensions,
            facts: Facts::NONE,
        };
        let arrays = Arrays {
            nodes: &mut table.nodes,
            more: &mut table.more,
            slots: &mut table.slots,
            rows: &mut table.rows,
            keys: &mut table.keys,
            starts: &mut table.starts,
            counts: &mut table.counts,
            segments: &mut table.segments,
        };
        let room = Room {
            texts: &mut vec![[0; 6]; used.nodes],
            numbers: &mut vec![0; used.nodes],
            rows_at: &mut vec![(0, 0); used.nodes],
            marks: &mut vec![0; used.nodes],
            seen: &mut vec![0; size.slots],
            targets: &mut vec![0; used.nodes],
            edges: &mut vec![0; used.nodes.max(size.keys)],
            befores: &mut vec![0; used.nodes.max(size.keys)],
            befores_of_long: &mut vec![0; size.nodes],
            here: Edges { edges: &mut vec![0; used.nodes], values: &mut vec![[0; 2]; used.nodes] },
        };
        let parts = Parts { tree: &tree, shares: &shares, keys: &keys, rows: &rows, segments: &segments };
        table.facts = finish(&parts, arrays, &used, &mut vec![(0, 0); used.nodes], room);
        Ok(table)
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> Table<'_> {
        Table {
            nodes: &self.nodes,
            more: &self.more,
            slots: &self.slots,
            rows: &self.rows,
            keys: &self.keys,
            starts: &self.starts,
            counts: &self.counts,
            segments: &self.segments,
            extensions: self.extensions.split_at(self.facts.extensions).0,
            facts: self.facts,
        }
    }
}
