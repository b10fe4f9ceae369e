//! From routes to a table, at run time.

use alloc::{vec, vec::Vec};

use super::Table;
use super::draft::{Builder, Capacity, DraftRow, Used};
use super::fault::FreezeError;
use super::freeze::{Facts, finish_facts, finish_rows};
use super::node::Node;
use super::route::Route;
use crate::methods::MAX_EXTENSION_METHODS;

/// A table frozen at run time, which owns its arrays. It is built by the same functions as those of [`freeze!`](crate::freeze!), and
/// equal to the table that they build from the same routes.
///
/// ```
/// use cello_routing::{Lookup, Methods, Origin, Route, TableBuf};
/// let origin = Origin { handler: "get", file: "src/main.rs", line: 1, column: 1 };
/// let routes = [Route { pattern: "/users/<id>", methods: Methods::GET, extension_methods: &[], origin }];
/// let table = TableBuf::freeze(&routes).unwrap();
/// assert!(matches!(table.table().lookup("GET", b"/users/1"), Lookup::Found(_)));
/// ```
#[derive(Clone, Debug)]
pub struct TableBuf<'r> {
    nodes: Vec<Node>,
    slots: Vec<u32>,
    rows: Vec<u32>,
    text: Vec<u8>,
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
        let mut nodes = vec![Node::ROOT; room.nodes];
        let mut drafted = vec![DraftRow::NONE; room.rows];
        let mut text = vec![0; room.text];
        let mut extensions = [""; MAX_EXTENSION_METHODS];
        let mut builder = Builder {
            nodes: &mut nodes,
            slots: &mut vec![0; room.slots],
            rows: &mut drafted,
            text: &mut text,
            extensions: &mut extensions,
            used: Used::NONE,
        };
        builder.add_all(routes)?;
        let used = builder.used;
        let size = used.size();

        nodes.truncate(size.nodes);
        text.truncate(size.text);
        let mut rows = vec![0; size.rows];
        finish_rows(&mut nodes, &drafted, &mut rows);
        let mut slots = vec![0; size.slots];
        let facts =
            finish_facts(&nodes, &mut slots, &used, &mut vec![0; size.nodes], &mut vec![0; size.nodes]);
        Ok(Self { nodes, slots, rows, text, extensions, facts })
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> Table<'_> {
        Table {
            nodes: &self.nodes,
            slots: &self.slots,
            rows: &self.rows,
            text: &self.text,
            extensions: self.extensions.split_at(self.facts.extensions).0,
            facts: self.facts,
        }
    }
}
