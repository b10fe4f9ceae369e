//! From routes to a table, at compile time: a draft with room to spare, then arrays of the exact size.

use super::Table;
use super::bound;
use super::draft::{Builder, Capacity, ROW_WORDS, Used, answered};
use super::fault::FreezeError;
use super::node::{END, End, KEY, KIND, REST, WORDS, kind};
use super::route::Route;
use super::trail::Trail;
use crate::Methods;
use crate::hash::place;
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
///     Route { pattern, methods, extension_methods: &[], origin }
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
/// #     Route { pattern, methods, extension_methods: &[], origin }
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
        const __FREEZE_CAPACITY: $crate::Capacity = $crate::Capacity::of(__FREEZE_ROUTES);
        #[allow(long_running_const_eval)] // it ends: its time is proportional to the text of the patterns
        const __FREEZE_DRAFT: $crate::Draft<
            'static,
            { __FREEZE_CAPACITY.tree },
            { __FREEZE_CAPACITY.slots },
            { __FREEZE_CAPACITY.rows },
            { __FREEZE_CAPACITY.text },
        > = $crate::Draft::of(__FREEZE_ROUTES);
        const _: () = __FREEZE_DRAFT.check();
        const __FREEZE_SIZE: $crate::Capacity = __FREEZE_DRAFT.size();
        #[allow(long_running_const_eval)] // as above
        static __FREEZE_FROZEN: $crate::Frozen<
            'static,
            { __FREEZE_SIZE.tree },
            { __FREEZE_SIZE.slots },
            { __FREEZE_SIZE.rows },
            { __FREEZE_SIZE.text },
        > = $crate::Frozen::of(&__FREEZE_DRAFT);
        static __FREEZE_TABLE: $crate::Table<'static> = __FREEZE_FROZEN.table();
        &__FREEZE_TABLE
    }};
}

/// A table in the making, with room to spare: what [`freeze!`] computes first.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'r, const TREE: usize, const SLOTS: usize, const ROWS: usize, const TEXT: usize> {
    tree: [u32; TREE],
    slots: [u32; SLOTS],
    rows: [u32; ROWS],
    text: [u8; TEXT],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    used: Used,
    /// What is wrong; the rest is the draft of no routes then, so that one mistake is one error.
    fault: Option<FreezeError<'r>>,
}

impl<'r, const TREE: usize, const SLOTS: usize, const ROWS: usize, const TEXT: usize>
    Draft<'r, TREE, SLOTS, ROWS, TEXT>
{
    /// The draft of these routes, which [`check`](Self::check) must see. The parameters must be what
    /// [`Capacity::of`] says.
    #[must_use]
    pub const fn of(routes: &'r [Route<'r>]) -> Self {
        let mut draft = Self::NOTHING;
        let mut builder = Builder {
            tree: &mut draft.tree,
            slots: &mut draft.slots,
            rows: &mut draft.rows,
            text: &mut draft.text,
            extensions: &mut draft.extensions,
            used: Used::NONE,
            trail: Trail::new(),
        };
        match builder.add_all(routes) {
            Ok(()) => {
                draft.used = builder.used;
                draft
            }
            Err(error) => Self { fault: Some(error), ..Self::NOTHING },
        }
    }

    const NOTHING: Self = Self {
        tree: [0; TREE],
        slots: [0; SLOTS],
        rows: [0; ROWS],
        text: [0; TEXT],
        extensions: [""; MAX_EXTENSION_METHODS],
        used: Used::NONE,
        fault: None,
    };

    /// Refuses routes that are in conflict or wrong.
    ///
    /// # Panics
    /// With the text of the [`FreezeError`]; at compile time this is the error.
    #[track_caller] // so that the compiler shows the caller, not this
    pub const fn check(&self) {
        if let Some(error) = &self.fault {
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
pub struct Frozen<'r, const TREE: usize, const SLOTS: usize, const ROWS: usize, const TEXT: usize> {
    tree: [u32; TREE],
    slots: [u32; SLOTS],
    rows: [u32; ROWS],
    text: [u8; TEXT],
    extensions: [&'r str; MAX_EXTENSION_METHODS],
    facts: Facts,
}

impl<'r, const TREE: usize, const SLOTS: usize, const ROWS: usize, const TEXT: usize>
    Frozen<'r, TREE, SLOTS, ROWS, TEXT>
{
    /// The table of a draft. The parameters must be what [`Draft::size`] says.
    #[must_use]
    pub const fn of<const N: usize, const S: usize, const R: usize, const T: usize>(
        draft: &Draft<'r, N, S, R, T>,
    ) -> Self {
        let mut frozen = Self {
            tree: [0; TREE],
            slots: [0; SLOTS],
            rows: [0; ROWS],
            text: [0; TEXT],
            extensions: draft.extensions,
            facts: Facts::NONE,
        };
        frozen.tree.copy_from_slice(draft.tree.split_at(TREE).0);
        frozen.text.copy_from_slice(draft.text.split_at(TEXT).0);
        finish_rows(&mut frozen.tree, &draft.rows, &mut frozen.rows);
        frozen.facts =
            finish_facts(&frozen.tree, &mut frozen.slots, &draft.used, &mut [0; TREE], &mut [0; TREE]);
        frozen
    }

    /// The table over these arrays.
    #[must_use]
    pub const fn table(&self) -> Table<'_> {
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

/// The single numbers of a frozen table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Facts {
    /// No lookup takes more steps.
    pub(super) bound: usize,
    /// How many places of the hash table a lookup visits at most.
    pub(super) probes: usize,
    pub(super) longest_literal: usize,
    pub(super) extensions: usize,
}

impl Facts {
    const NONE: Self = Self { bound: 0, probes: 0, longest_literal: 0, extensions: 0 };
}

impl Used {
    pub(super) const fn size(&self) -> Capacity {
        let slots = (2 * self.literals).next_power_of_two();
        Capacity { tree: self.tree, slots, rows: self.rows / ROW_WORDS + self.heads, text: self.text }
    }
}

/// Puts the rows of each end side by side, in the order of their bits, and adds `HEAD` where `GET` is.
pub(super) const fn finish_rows(tree: &mut [u32], drafted: &[u32], rows: &mut [u32]) {
    let mut used = 0;
    let mut node = 0;
    while node < tree.len() {
        if tree[node + END] != 0 {
            used = finish_end(tree, node + END, drafted, rows, used);
        }
        if tree[node + REST] != 0 {
            used = finish_end(tree, node + REST, drafted, rows, used);
        }
        node += WORDS;
    }
}

const fn finish_end(tree: &mut [u32], end: usize, drafted: &[u32], rows: &mut [u32], used: u32) -> u32 {
    let methods = answered(tree[end]);
    let finished = End { methods, first: used };
    let mut behind = tree[end + 1] as usize;
    while behind != 0 {
        let (bit, route) = (drafted[behind - 3], drafted[behind - 2]);
        rows[finished.row_of(bit)] = route;
        if bit == Methods::GET.bits() && methods != tree[end] {
            rows[finished.row_of(Methods::HEAD.bits())] = route;
        }
        behind = drafted[behind - 1] as usize;
    }
    tree[end] = methods;
    tree[end + 1] = used;
    used + methods.count_ones()
}

/// Fills the hash table with the literal edges, and computes the numbers. The last two slices, as long as the
/// tree, are room to reckon in.
pub(super) const fn finish_facts(
    tree: &[u32],
    slots: &mut [u32],
    used: &Used,
    costs: &mut [usize],
    literal_costs: &mut [usize],
) -> Facts {
    let mut probes = 0;
    let mut node = WORDS;
    while node < tree.len() {
        if tree[node + KIND] & !kind::HAS_LITERALS == kind::LITERAL {
            let mut slot = place(tree[node + KEY], slots.len());
            let mut visited = 1;
            while slots[slot] != 0 {
                slot = (slot + 1) & (slots.len() - 1);
                visited += 1;
            }
            slots[slot] = node as u32;
            if visited > probes {
                probes = visited;
            }
        }
        node += WORDS;
    }
    Facts {
        bound: bound::of(tree, probes, costs, literal_costs),
        probes,
        longest_literal: used.longest_literal,
        extensions: used.extensions,
    }
}
