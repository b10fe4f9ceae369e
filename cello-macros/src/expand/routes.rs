//! `routes![...]`: the mounts of the whole application, and the const evaluation that freezes them.

use super::may_be_unused;
use crate::diagnostics::Diagnostics;
use crate::model::{Entry, Tokens};
use crate::token::{Delimiter, Span};
use crate::write::{Listed, cfg_attributes, put, tokens};

/// An expression of type `Routes<_>`.
pub(crate) fn routes(entries: &[Entry], krate: &Tokens, errors: Diagnostics) -> Tokens {
    let here = Span::call_site();
    let private = tokens!(here => #krate::__private);
    let errors = errors.into_tokens(&[]);
    let item = |entry: &Entry| {
        let (cfgs, path) = (cfg_attributes(&entry.cfgs), &entry.path);
        tokens!(path.span() => #cfgs #path::cello_routes().item)
    };
    let items = Listed(entries.iter().map(item));
    let check = check(entries);
    let allowed = may_be_unused();
    let needs = tuples(&entries.iter().map(needs).collect::<Vec<_>>());
    tokens!(here => {
        #errors
        // Every type is some `NoRoute`: one without a route is refused in words of ours.
        #allowed
        use #private::{check as cello_check, routing as cello_routing, NoRoute as _};
        static ITEMS: &[#private::Item] = &[#items];
        static ROOTS: #private::Mounts<{ ITEMS.len() }> = #private::roots(ITEMS);
        const COUNT: usize = ROOTS.routes();
        static MEMOS: #private::RouteMemos = #private::RouteMemos::new(COUNT);
        static METAS: [#krate::RouteMeta; COUNT] = #private::metas(&ROOTS, &MEMOS);
        const ROOM: cello_routing::Capacity = ROOTS.room();
        #[allow(long_running_const_eval)] // it ends: its time is proportional to the number of segments
        static DRAFT: cello_routing::Draft<
            'static,
            { ROOM.nodes },
            { ROOM.slots },
            { ROOM.rows },
        > = #private::draft(&ROOTS);
        const _: () = #check;
        #[allow(long_running_const_eval)] // as above
        const EXACT: cello_routing::Capacity = DRAFT.size();
        // Evaluated with the code of a function for some type, so not at each check, which has shown already that it can be.
        fn table<T>() -> cello_routing::Table<'static> {
            #[allow(long_running_const_eval)] // as above
            let frozen: &'static cello_routing::Frozen<
                'static,
                { EXACT.nodes },
                { EXACT.slots },
                { EXACT.rows },
                { EXACT.keys },
                { EXACT.starts },
                { EXACT.counts },
            > = const { &cello_routing::Frozen::of(&DRAFT) };
            frozen.table()
        }
        // A static has the code made here. A function that others make code of would have it made there, where nothing allows that it takes long.
        static TABLE: fn() -> cello_routing::Table<'static> = table::<()>;
        // A slice, since the user's function must not name the length: rustc, when it optimises, would need the function's types
        // to compute the length, if there is an `async` closure in it, and the length to compute the types (E0391).
        static ROWS: &[#krate::RouteMeta] = &METAS;
        #krate::Routes::new(ROWS, TABLE(), #needs)
    })
}

/// The check of the draft, from the first entry to the last one: where rustc shows routes that clash. A path through
/// `$crate` would take the error away from there.
fn check(entries: &[Entry]) -> Tokens {
    let here = Span::call_site();
    let ends = entries.first().zip(entries.last());
    let (start, end) = ends.map_or((here, here), |(first, last)| (first.path.span(), last.path.ends().1));
    let mut check = tokens!(start => cello_check);
    let arguments = check.open();
    put!(check, here => &DRAFT, &METAS);
    check.close(arguments, Delimiter::Parenthesis, end);
    check
}

fn needs(entry: &Entry) -> Tokens {
    let here = Span::call_site();
    let path = &entry.path;
    let value = tokens!(path.span() => #path::cello_routes().needs());
    match cfg_attributes(&entry.cfgs) {
        None => value,
        // Elements of a tuple take `cfg`; an absent one leaves the tuple, whose first element then is the answer.
        cfgs => tokens!(here => (#cfgs #value, ()).0),
    }
}

/// The most elements of a tuple that can make a promise.
const MOST: usize = 16;

/// Tuples of tuples: the compiler walks them by recursion, so they are not deep; and a few large ones cost it less than many pairs.
pub(crate) fn tuples(leaves: &[Tokens]) -> Tokens {
    if let [only] = leaves {
        return only.clone();
    }
    let mut tuple = Tokens::default();
    let open = tuple.open();
    let of_each = leaves.len().div_ceil(MOST);
    // Each element holds as many as a full tuple of them needs.
    let mut full = 1;
    while full < of_each {
        full *= MOST;
    }
    for inner in leaves.chunks(full) {
        tuple.value(&tuples(inner));
        tuple.marks(",", Span::call_site());
    }
    tuple.close(open, Delimiter::Parenthesis, Span::call_site());
    tuple
}
