//! From routes to a table, at run time.

use alloc::{vec, vec::Vec};

use super::Table;
use super::draft::{Builder, Capacity, Used};
use super::fault::FreezeError;
use super::freeze::{Facts, finish_facts, finish_rows};
use super::route::Route;
use super::trail::Trail;
use crate::methods::MAX_EXTENSION_METHODS;

/// A table frozen at run time, which owns its arrays. It is built by the same functions as those of
/// [`freeze!`](crate::freeze!), and equal to the table that they build from the same routes.
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
    tree: Vec<u32>,
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
        let mut tree = vec![0; room.tree];
        let mut drafted = vec![0; room.rows];
        let mut text = vec![0; room.text];
        let mut extensions = [""; MAX_EXTENSION_METHODS];
        let mut builder = Builder {
            tree: &mut tree,
            slots: &mut vec![0; room.slots],
            rows: &mut drafted,
            text: &mut text,
            extensions: &mut extensions,
            used: Used::NONE,
            trail: Trail::new(),
        };
        builder.add_all(routes)?;
        let used = builder.used;
        let size = used.size();

        tree.truncate(size.tree);
        text.truncate(size.text);
        let mut rows = vec![0; size.rows];
        finish_rows(&mut tree, &drafted, &mut rows);
        let mut slots = vec![0; size.slots];
        let facts = finish_facts(&tree, &mut slots, &used, &mut vec![0; size.tree], &mut vec![0; size.tree]);
        Ok(Self { tree, slots, rows, text, extensions, facts })
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> Table<'_> {
        Table {
            tree: &self.tree,
            slots: &self.slots,
            rows: &self.rows,
            text: &self.text,
            extensions: self.extensions.split_at(self.facts.extensions).0,
            facts: self.facts,
        }
    }
}
