//! From routes to a table, at compile time: a draft with room to spare, then arrays of the exact size.

use super::Table;
use super::bound;
use super::draft::{Builder, Capacity, Last, Used};
use super::fault::{Faults, FreezeError};
use super::key::is_beyond;
use super::node::{self, KeyWords, Row, Words};
use super::packed::{Packed, Room, pack};
use super::places::{Places, fill, places};
use super::route::Route;
use super::start::Starts;
use crate::methods::MAX_EXTENSION_METHODS;

/// Freezes routes into a `&'static Table<'static>` by const evaluation. What is wrong with them is a compile
/// error.
///
/// The argument is a constant expression of type `[Route<'static>; N]`, usually the name of a constant.
/// Generic parameters of a surrounding item cannot be used in it.
///
/// ```
/// use cello_routing::{Lookup, Methods, Origin, Route, freeze};
///
/// const fn route(pattern: &'static str, methods: Methods, handler: &'static str) -> Route<'static> {
///     let origin = Origin { handler, file: file!(), line: line!(), column: column!() };
///     Route { prefix: None, pattern, methods, extension_methods: &[], origin }
/// }
/// const ROUTES: [Route<'static>; 2] =
///     [route("/users", Methods::GET, "list"), route("/users/<id>", Methods::DELETE, "delete")];
///
/// let table = freeze!(ROUTES);
/// let Lookup::Found(found) = table.lookup("DELETE", b"/users/7") else { panic!("not found") };
/// assert_eq!(found.route, 1);
/// assert_eq!(found.captures.get(0), Some(7..8));
/// ```
///
/// ```compile_fail
/// # use cello_routing::{Methods, Origin, Route, freeze};
/// # const fn route(pattern: &'static str, methods: Methods, handler: &'static str) -> Route<'static> {
/// #     let origin = Origin { handler, file: file!(), line: line!(), column: column!() };
/// #     Route { prefix: None, pattern, methods, extension_methods: &[], origin }
/// # }
/// const ROUTES: [Route<'static>; 2] =
///     [route("/users/<id>", Methods::GET, "get"), route("/users/<name>", Methods::GET, "find")];
/// let table = freeze!(ROUTES); // two handlers answer the same request, `GET /users/1`
/// ```
#[macro_export]
macro_rules! freeze {
    ($routes:expr) => {{
        // The names of items are not hygienic, so they must not be those of the argument.
        const __FREEZE_ROUTES: &[$crate::Route<'static>] = &$routes;
        #[allow(long_running_const_eval)] // it ends: its time is proportional to the text of the patterns
        const __FREEZE_CAPACITY: $crate::Capacity = $crate::Capacity::of(__FREEZE_ROUTES);
        #[allow(long_running_const_eval)] // it ends: its time is proportional to the text of the patterns
        const __FREEZE_DRAFT: $crate::Draft<
            'static,
            { __FREEZE_CAPACITY.nodes },
            { __FREEZE_CAPACITY.slots },
            { __FREEZE_CAPACITY.rows },
        > = $crate::Draft::of(__FREEZE_ROUTES);
        const _: () = __FREEZE_DRAFT.check(__FREEZE_ROUTES);
        #[allow(long_running_const_eval)] // as above
        const __FREEZE_SIZE: $crate::Capacity = __FREEZE_DRAFT.size();
        #[allow(long_running_const_eval)] // as above
        static __FREEZE_FROZEN: $crate::Frozen<
            'static,
            { __FREEZE_SIZE.nodes },
            { __FREEZE_SIZE.slots },
            { __FREEZE_SIZE.rows },
        > = $crate::Frozen::of(&__FREEZE_DRAFT);
        static __FREEZE_TABLE: $crate::Table<'static> = __FREEZE_FROZEN.table();
        &__FREEZE_TABLE
    }};
}

/// A table in the making, with room to spare: what [`freeze!`] computes first.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'r, const NODES: usize, const SLOTS: usize, const ROWS: usize> {
    tree: [Words; NODES],
    keys: [KeyWords; NODES],
    slots: [u32; SLOTS],
    rows: [Row; ROWS],
    segments: [&'r str; NODES],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    used: Used,
    faults: Faults<'r>,
}

impl<'r, const NODES: usize, const SLOTS: usize, const ROWS: usize> Draft<'r, NODES, SLOTS, ROWS> {
    /// The draft of no routes.
    pub const NOTHING: Self = Self {
        tree: [node::NONE; NODES],
        keys: [[0; 4]; NODES],
        slots: [0; SLOTS],
        rows: [[0; 3]; ROWS],
        segments: [""; NODES],
        extensions: [""; MAX_EXTENSION_METHODS],
        used: Used::none(SLOTS),
        faults: Faults::NONE,
    };

    /// The draft of these routes, which [`check`](Self::check) must see. The parameters must be what
    /// [`Capacity::of`] says.
    #[must_use]
    pub const fn of(routes: &[Route<'r>]) -> Self {
        let mut draft = Self::NOTHING;
        draft.builder().add_all(routes);
        draft
    }

    /// What grows it. The parameters must be what [`Capacity::new`] says.
    pub const fn builder(&mut self) -> Builder<'_, 'r> {
        Builder {
            tree: &mut self.tree,
            keys: &mut self.keys,
            slots: &mut self.slots,
            rows: &mut self.rows,
            segments: &mut self.segments,
            extensions: &mut self.extensions,
            used: &mut self.used,
            faults: &mut self.faults,
            last: Last::NONE,
        }
    }

    /// Whether nothing was wrong with any route.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// What was wrong, in words. `routes` are those that the draft was made of, in the order of their indices.
    #[must_use]
    pub const fn error(&self, routes: &'r [Route<'r>]) -> Option<FreezeError<'r>> {
        if self.is_whole() {
            return None;
        }
        Some(FreezeError::new(routes, self.extensions, self.faults))
    }

    /// Refuses routes that are in conflict or wrong.
    ///
    /// # Panics
    /// With the text of the [`FreezeError`]; at compile time this is the error.
    #[track_caller] // so that the compiler shows the caller, not this
    pub const fn check(&self, routes: &'r [Route<'r>]) {
        if let Some(error) = self.error(routes) {
            error.panic();
        }
    }

    /// The exact size of the table.
    #[must_use]
    pub const fn size(&self) -> Capacity {
        self.used.size()
    }
}

/// The arrays of a frozen table: what [`freeze!`] puts into the binary.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'r, const NODES: usize, const SLOTS: usize, const ROWS: usize> {
    nodes: Aligned<[Packed; NODES]>,
    slots: [u32; SLOTS],
    rows: [u32; ROWS],
    segments: [&'r str; NODES],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    facts: Facts,
}

impl<'r, const NODES: usize, const SLOTS: usize, const ROWS: usize> Frozen<'r, NODES, SLOTS, ROWS> {
    /// The table of a draft. The parameters must be what [`Draft::size`] says.
    #[must_use]
    pub const fn of<const N: usize, const S: usize, const R: usize>(draft: &Draft<'r, N, S, R>) -> Self {
        let mut frozen = Self {
            nodes: Aligned([[0; 8]; NODES]),
            slots: [0; SLOTS],
            rows: [0; ROWS],
            segments: [""; NODES],
            extensions: draft.extensions,
            facts: Facts::NONE,
        };
        let size = draft.used.nodes;
        frozen.segments.split_at_mut(size).0.copy_from_slice(draft.segments.split_at(size).0);
        frozen.facts = finish(
            (draft.tree.split_at(size).0, &draft.keys, &draft.rows),
            (&mut frozen.nodes.0, &mut frozen.slots, &mut frozen.rows),
            &draft.used,
            &mut [(0, 0); NODES],
            (&mut [[0; 6]; NODES], &mut [0; NODES]),
        );
        frozen
    }

    /// The table over these arrays.
    #[must_use]
    pub const fn table(&self) -> Table<'_> {
        Table {
            nodes: &self.nodes.0,
            slots: &self.slots,
            rows: &self.rows,
            segments: &self.segments,
            extensions: self.extensions.split_at(self.facts.extensions).0,
            facts: self.facts,
        }
    }
}

/// The single numbers of a frozen table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Facts {
    /// No lookup takes more steps.
    pub(super) bound: usize,
    /// How many places of the hash table a lookup visits at most.
    pub(super) probes: usize,
    pub(super) places: Places,
    pub(super) starts: Starts,
    /// No literal is longer.
    pub(super) longest_literal: usize,
    pub(super) extensions: usize,
}

impl Facts {
    const NONE: Self = Self {
        bound: 0,
        probes: 0,
        places: Places::new(2),
        starts: Starts::NONE,
        longest_literal: 0,
        extensions: 0,
    };
}

impl Used {
    /// The exact size of the table.
    pub(super) const fn size(&self) -> Capacity {
        let (_, more) = self.starts();
        Capacity {
            nodes: self.nodes + more,
            slots: places(self.literals + more),
            rows: self.rows + self.heads,
        }
    }
}

/// Makes the arrays of the table from the tree, keys and rows of a draft, and computes its numbers. The last slices, as
/// long as the nodes, are room to reckon in.
pub(super) const fn finish(
    (tree, keys, drafted): (&[Words], &[KeyWords], &[Row]),
    (nodes, slots, rows): (&mut [Packed], &mut [u32], &mut [u32]),
    used: &Used,
    costs: &mut [(usize, usize)],
    (texts, targets): Room<'_>,
) -> Facts {
    let starts = pack(tree, keys, drafted, (nodes, rows), used.starts().0 as u32, (texts, targets));
    let places = Places::new(slots.len());
    let probes = fill(tree, keys, (nodes, targets, &starts), slots, &places);
    let before = if starts.depth == 0 { 0 } else { 1 + probes };
    // What is found there may be another literal of the same two words, and is looked for once more.
    let again = if is_beyond!(used.longest) { probes - 1 } else { 0 };
    Facts {
        bound: bound::of(tree, probes, costs) + before + again,
        starts,
        probes,
        places,
        longest_literal: used.longest as usize,
        extensions: used.extensions,
    }
}

/// Each node in a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Aligned<T>(T);
