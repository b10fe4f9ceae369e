//! From routes to a table, at run time.

use alloc::{vec, vec::Vec};

use super::Table;
use super::draft::{Builder, Capacity, Last, Used};
use super::fault::{Faults, FreezeError};
use super::freeze::{Facts, finish};
use super::node;
use super::packed::Packed;
use super::route::Route;
use crate::methods::MAX_EXTENSION_METHODS;

/// A table frozen at run time, which owns its arrays. It is built by the same functions as those of
/// [`freeze!`](crate::freeze!), and equal to the table that they build from the same routes.
///
/// ```
/// use cello_routing::{Lookup, Methods, Origin, Route, TableBuf};
/// let origin = Origin { handler: "get", file: "src/main.rs", line: 1, column: 1 };
/// let routes = [Route { prefix: None, pattern: "/users/<id>", methods: Methods::GET, extension_methods: &[], origin }];
/// let table = TableBuf::freeze(&routes).unwrap();
/// assert!(matches!(table.table().lookup("GET", b"/users/1"), Lookup::Found(_)));
/// ```
#[derive(Clone, Debug)]
pub struct TableBuf<'r> {
    nodes: Vec<Packed>,
    slots: Vec<u32>,
    rows: Vec<u32>,
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
        let room = Capacity::of(routes);
        let mut tree = vec![node::NONE; room.nodes];
        let mut rows = vec![[0; 3]; room.rows];
        let mut slots = vec![0; room.slots];
        let mut segments = vec![""; room.nodes];
        let mut keys = vec![[0; 4]; room.nodes];
        let mut extensions = [""; MAX_EXTENSION_METHODS];
        let (mut used, mut faults) = (Used::none(room.slots), Faults::NONE);
        let mut builder = Builder {
            tree: &mut tree,
            keys: &mut keys,
            slots: &mut slots,
            rows: &mut rows,
            segments: &mut segments,
            extensions: &mut extensions,
            used: &mut used,
            faults: &mut faults,
            last: Last::NONE,
        };
        builder.add_all(routes);
        if !faults.is_empty() {
            return Err(FreezeError::new(routes, extensions, faults));
        }
        let size = used.size();

        tree.truncate(used.nodes);
        segments.truncate(used.nodes);
        segments.resize(size.nodes, "");
        let mut nodes = vec![[0; 8]; size.nodes];
        let (mut slots, mut flat) = (vec![0; size.slots], vec![0; size.rows]);
        let facts = finish(
            (&tree, &keys, &rows),
            (&mut nodes, &mut slots, &mut flat),
            &used,
            &mut vec![(0, 0); size.nodes],
            (&mut vec![[0; 6]; size.nodes], &mut vec![0; size.nodes]),
        );
        Ok(Self { nodes, slots, rows: flat, segments, extensions, facts })
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> Table<'_> {
        Table {
            nodes: &self.nodes,
            slots: &self.slots,
            rows: &self.rows,
            segments: &self.segments,
            extensions: self.extensions.split_at(self.facts.extensions).0,
            facts: self.facts,
        }
    }
}
