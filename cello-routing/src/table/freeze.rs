//! From routes to a table, at compile time: a draft with room to spare, then arrays of its size.

use super::Table;
use super::bound;
use super::capacity::Capacity;
use super::draft::{Builder, Last, Used};
use super::fault::{Faults, FreezeError};
use super::key::is_beyond;
use super::node::{self, KeyWords, Row, Words};
use super::pack::{Arrays, Edges, Parts, Room, pack};
use super::packed::{More, Packed};
use super::places::Slot;
use super::route::Route;
use super::share::{each_alone, share};
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
///     let origin = Origin { module: "", handler, file: file!(), line: line!(), column: column!() };
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
/// #     let origin = Origin { module: "", handler, file: file!(), line: line!(), column: column!() };
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
        #[allow(long_running_const_eval)] // it ends: its time goes by the text of the patterns
        const __FREEZE_CAPACITY: $crate::Capacity = $crate::Capacity::of(__FREEZE_ROUTES);
        // In two halves: the compiler warns of an evaluation that is longer than what half of 10,000 routes take, whatever is allowed.
        #[allow(long_running_const_eval)] // as above, and by each two parameters with affixes side by side
        const __FREEZE_HALF: $crate::Draft<
            'static,
            { __FREEZE_CAPACITY.nodes },
            { __FREEZE_CAPACITY.slots },
            { __FREEZE_CAPACITY.rows },
        > = $crate::Draft::of_first_half(__FREEZE_ROUTES);
        #[allow(long_running_const_eval)] // as above
        static __FREEZE_DRAFT: $crate::Draft<
            'static,
            { __FREEZE_CAPACITY.nodes },
            { __FREEZE_CAPACITY.slots },
            { __FREEZE_CAPACITY.rows },
        > = __FREEZE_HALF.with_second_half(__FREEZE_ROUTES);
        const _: () = __FREEZE_DRAFT.check(__FREEZE_ROUTES);
        #[allow(long_running_const_eval)] // as above
        const __FREEZE_SIZE: $crate::Capacity = __FREEZE_DRAFT.size();
        #[allow(long_running_const_eval)] // as above
        static __FREEZE_FROZEN: $crate::Frozen<
            'static,
            { __FREEZE_SIZE.nodes },
            { __FREEZE_SIZE.slots },
            { __FREEZE_SIZE.rows },
            { __FREEZE_SIZE.keys },
            { __FREEZE_SIZE.starts },
            { __FREEZE_SIZE.counts },
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
    texts: [u32; SLOTS],
    slots: [u32; SLOTS],
    rows: [Row; ROWS],
    segments: [&'r str; NODES],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    used: Used,
    faults: Faults<'r>,
}

impl<'r, const NODES: usize, const SLOTS: usize, const ROWS: usize> Draft<'r, NODES, SLOTS, ROWS> {
    /// The draft of no routes. (A function: the value of a constant would be checked and hashed once more.)
    #[must_use]
    pub const fn nothing() -> Self {
        Self {
            tree: [node::NONE; NODES],
            keys: [[0; 4]; NODES],
            texts: [0; SLOTS],
            slots: [0; SLOTS],
            rows: [[0; 3]; ROWS],
            segments: [""; NODES],
            extensions: [""; MAX_EXTENSION_METHODS],
            used: Used::none(SLOTS),
            faults: Faults::NONE,
        }
    }

    /// The draft of these routes, which [`check`](Self::check) must see. The parameters must be what
    /// [`Capacity::of`] says.
    #[must_use]
    pub const fn of(routes: &[Route<'r>]) -> Self {
        Self::of_first_half(routes).with_second_half(routes)
    }

    /// The draft of the first half of these routes.
    #[must_use]
    pub const fn of_first_half(routes: &[Route<'r>]) -> Self {
        let mut draft = Self::nothing();
        draft.builder().add_all(routes, 0, routes.len() / 2);
        draft
    }

    /// A draft of the first half, and then the second half too.
    #[must_use]
    pub const fn with_second_half(mut self, routes: &[Route<'r>]) -> Self {
        self.builder().add_all(routes, routes.len() / 2, routes.len());
        self.finish();
        self
    }

    /// What grows it. The parameters must be what [`Capacity::new`] says.
    pub const fn builder(&mut self) -> Builder<'_, 'r> {
        Builder {
            tree: &mut self.tree,
            keys: &mut self.keys,
            texts: &mut self.texts,
            slots: &mut self.slots,
            rows: &mut self.rows,
            segments: &mut self.segments,
            extensions: &mut self.extensions,
            used: &mut self.used,
            faults: &mut self.faults,
            last: Last::NONE,
        }
    }

    /// Finds out how large the table can be, when all routes are there. It must be called then, after the last route.
    pub const fn finish(&mut self) {
        each_alone(self.tree.split_at(self.used.nodes).0, &mut self.used);
    }

    /// Whether nothing was wrong with any route.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether the route of this index is named by what is [wrong](Self::error). Of the others no more is read than that they are there, so who has
    /// many need not find out about those where they are written.
    #[must_use]
    pub const fn is_at_fault(&self, route: usize) -> bool {
        self.faults.concern(route)
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

    /// The size of the table: the exact one below 1,024 nodes, from there on at most. Whether it has equal subtrees, which take less, is found out when it is
    /// [frozen](Frozen::of).
    ///
    /// # Panics
    /// If it is not [finished](Self::finish).
    #[must_use]
    pub const fn size(&self) -> Capacity {
        assert!(self.used.shared_nodes != 0, "the draft is not finished");
        self.used.room()
    }
}

/// The arrays of a frozen table: what [`freeze!`] puts into the binary.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<
    'r,
    const NODES: usize,
    const SLOTS: usize,
    const ROWS: usize,
    const KEYS: usize,
    const STARTS: usize,
    const COUNTS: usize,
> {
    nodes: [Packed; NODES],
    more: [More; NODES],
    slots: [Slot; SLOTS],
    rows: [u32; ROWS],
    keys: [KeyWords; KEYS],
    starts: [u64; STARTS],
    counts: [u32; COUNTS],
    segments: [&'r str; NODES],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    /// How much of them is used.
    size: Capacity,
    facts: Facts,
}

impl<
    'r,
    const NODES: usize,
    const SLOTS: usize,
    const ROWS: usize,
    const KEYS: usize,
    const STARTS: usize,
    const COUNTS: usize,
> Frozen<'r, NODES, SLOTS, ROWS, KEYS, STARTS, COUNTS>
{
    /// The table of a draft. The parameters must be what [`Draft::size`] says.
    #[must_use]
    pub const fn of<const N: usize, const S: usize, const R: usize>(draft: &Draft<'r, N, S, R>) -> Self {
        let mut used = draft.used;
        let tree = draft.tree.split_at(used.nodes).0;
        let mut shares = [[0; 5]; N];
        share(tree, &draft.segments, shares.split_at_mut(used.nodes).0, &mut [0; S], &mut used, false);
        let size = used.size();
        let mut frozen = Self {
            nodes: [[0; 5]; NODES],
            more: [[0; 7]; NODES],
            slots: [[0; 2]; SLOTS],
            rows: [0; ROWS],
            keys: [[0; 4]; KEYS],
            starts: [0; STARTS],
            counts: [0; COUNTS],
            segments: [""; NODES],
            extensions: draft.extensions,
            size,
            facts: Facts::NONE,
        };
        let parts = Parts {
            tree,
            shares: shares.split_at(used.nodes).0,
            keys: &draft.keys,
            rows: &draft.rows,
            segments: &draft.segments,
        };
        let arrays = Arrays {
            nodes: frozen.nodes.split_at_mut(size.nodes).0,
            more: frozen.more.split_at_mut(size.nodes).0,
            slots: frozen.slots.split_at_mut(size.slots).0,
            rows: &mut frozen.rows,
            keys: &mut frozen.keys,
            starts: &mut frozen.starts,
            counts: frozen.counts.split_at_mut(size.counts).0,
            segments: frozen.segments.split_at_mut(size.nodes).0,
        };
        let room = Room {
            texts: &mut [[0; 6]; N],
            numbers: &mut [0; N],
            rows_at: &mut [(0, 0); N],
            marks: &mut [0; N],
            seen: &mut [0; SLOTS],
            targets: &mut [0; N],
            edges: &mut [0; N],
            befores: &mut [0; N],
            befores_of_long: &mut [0; NODES],
            here: Edges { edges: &mut [0; N], values: &mut [[0; 2]; N] },
        };
        frozen.facts = finish(&parts, arrays, &used, &mut [(0, 0); N], room);
        frozen
    }

    /// The table over these arrays.
    #[must_use]
    pub const fn table(&self) -> Table<'_> {
        let size = self.size;
        Table {
            nodes: self.nodes.split_at(size.nodes).0,
            more: self.more.split_at(size.nodes).0,
            slots: self.slots.split_at(size.slots).0,
            rows: &self.rows,
            keys: &self.keys,
            starts: &self.starts,
            counts: self.counts.split_at(size.counts).0,
            segments: self.segments.split_at(size.nodes).0,
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
    /// How many places of a hash table a lookup visits at most.
    pub(super) probes: usize,
    pub(super) starts: Starts,
    /// No literal is longer.
    pub(super) longest_literal: usize,
    pub(super) extensions: usize,
}

impl Facts {
    pub(super) const NONE: Self =
        Self { bound: 0, probes: 0, starts: Starts::NONE, longest_literal: 0, extensions: 0 };
}

/// Makes the arrays of the table from a draft, and computes its numbers. `costs` is room to reckon in, as long as the nodes.
pub(super) const fn finish<'r>(
    parts: &Parts<'_, 'r>,
    arrays: Arrays<'_, 'r>,
    used: &Used,
    costs: &mut [(usize, usize)],
    room: Room<'_>,
) -> Facts {
    let (starts, probes) = pack(parts, arrays, room, used.starts().0 as u32);
    let before = if starts.depth == 0 { 0 } else { 1 + probes };
    // What is found there may be another literal of the same two words, and is looked for once more.
    let again = if is_beyond!(used.longest) { probes - 1 } else { 0 };
    Facts {
        bound: bound::of(parts.tree, probes, costs) + before + again,
        starts,
        probes,
        longest_literal: used.longest as usize,
        extensions: used.extensions,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Place, Table};
    use super::{Builder, Capacity, Draft, Frozen};
    use crate::{Code, Lookup, Methods, Pattern};

    /// Literals of one length that begin and end alike: so many that for each two of them const evaluation would take more steps than a lint,
    /// an error by itself, lets it take. So it is a test that this compiles.
    const SIBLINGS: usize = 3_000;

    static WORDS: [[[u8; 8]; 4]; SIBLINGS] = {
        let Ok(pattern) = Pattern::parse("/beginning-0000-and-end") else { panic!("a wrong pattern") };
        let mut code = pattern.code();
        let mut words = [[[0; 8]; 4]; SIBLINGS];
        let mut word = 0;
        while let Some(of_all) = code.next() {
            words[0][word] = of_all;
            word += 1;
        }
        let mut sibling = 1;
        while sibling < SIBLINGS {
            words[sibling] = words[0];
            // Some bytes in the middle are others.
            words[sibling][3] = (u64::from_le_bytes(words[0][3]) + sibling as u64).to_le_bytes();
            sibling += 1;
        }
        words
    };
    const ROOM: Capacity = Capacity::new(SIBLINGS, SIBLINGS);
    const DRAFT: Draft<'static, { ROOM.nodes }, { ROOM.slots }, { ROOM.rows }> = {
        let mut draft = Draft::nothing();
        grow(draft.builder());
        draft.finish();
        draft
    };
    const SIZE: Capacity = DRAFT.size();
    static FROZEN: Frozen<
        'static,
        { SIZE.nodes },
        { SIZE.slots },
        { SIZE.rows },
        { SIZE.keys },
        { SIZE.starts },
        { SIZE.counts },
    > = Frozen::of(&DRAFT);

    const fn grow(mut builder: Builder<'_, 'static>) {
        let mut sibling = 0;
        while sibling < SIBLINGS {
            let code = Code { text: "/beginning-0000-and-end", bytes: WORDS[sibling].as_flattened() };
            let entry = Entry { code, methods: Methods::GET, extension_methods: &[] };
            builder.add(&Place::ROOT, &entry, sibling);
            sibling += 1;
        }
    }

    #[test]
    fn siblings_that_begin_and_end_alike_are_not_compared_each_with_each() {
        let table: Table<'_> = FROZEN.table();
        // Each has its key, but what is behind them is the same.
        assert_eq!((ROOM.nodes, SIZE.keys, SIZE.nodes), (SIBLINGS + 1, SIBLINGS + 1, SIBLINGS + 1));
        assert_eq!(table.nodes.len(), 2);
        let Lookup::Found(found) = table.lookup("GET", b"/beginning-0000-and-end") else {
            panic!("not found")
        };
        assert_eq!(found.route, 0);
    }
}
