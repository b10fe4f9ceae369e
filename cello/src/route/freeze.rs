//! From the rows of the whole application to static arrays, by const evaluation: what `routes![...]` calls.
//!
//! Const evaluation is dear: a step of it costs a tenth of a microsecond, reading a text microseconds a byte. So it reads
//! leaves, never rows, and of patterns their code, for which the macros have read them already.

use cello_routing::{Builder, Code, Draft, Methods, Origin, Place, Route};

use super::mount::{Item, Mount, Mounts};
use super::row::{Blueprint, NO_ROW, Node};
use super::{RouteMemos, RouteMeta};
use crate::Link;

/// The draft of the table, whose parameters are what [`Mounts::room`] says.
pub const fn draft<const NODES: usize, const SLOTS: usize, const ROWS: usize, const ROOTS: usize>(
    roots: &Mounts<ROOTS>,
) -> Draft<'static, NODES, SLOTS, ROWS> {
    let mut draft = Draft::nothing();
    grow(&mut draft.builder(), &roots.each, None, 0);
    draft.finish();
    draft
}

/// `mounted` is where the prefixes lead of what mounts all this; at the root each handler has its own.
const fn grow(
    builder: &mut Builder<'_, 'static>,
    mounts: &[Mount],
    mounted: Option<&Place<'static>>,
    mut index: usize,
) -> usize {
    let mut rest = mounts;
    while let [mount, more @ ..] = rest {
        rest = more;
        match mount {
            Mount::Handler(leaf) => {
                if let Some(place) = mounted {
                    builder.add(place, &leaf.entry, index);
                } else {
                    let place = enter(builder, Some(leaf.blueprint));
                    builder.add(&place, &leaf.entry, index);
                }
                index += 1;
            }
            Mount::Blueprint(blueprint, children) => {
                let place = enter(builder, Some(blueprint));
                index = grow(builder, children.mounts, Some(&place), index);
            }
        }
    }
    index
}

const fn enter(builder: &mut Builder<'_, 'static>, blueprint: Option<&'static Blueprint>) -> Place<'static> {
    let Some(inner) = blueprint else { return Place::ROOT };
    let outer = enter(builder, inner.parent);
    builder.enter(&outer, inner.code())
}

/// The rows of the application, in the order of the table's routes. `COUNT` is what [`Mounts::routes`] says.
pub const fn metas<const COUNT: usize, const ROOTS: usize>(
    roots: &Mounts<ROOTS>,
    memos: &'static RouteMemos,
) -> [RouteMeta; COUNT] {
    let mut metas = [RouteMeta { row: &NO_ROW, memos, index: 0 }; COUNT];
    fill(&roots.each, memos, &mut metas, 0);
    metas
}

const fn fill(
    mounts: &[Mount],
    memos: &'static RouteMemos,
    metas: &mut [RouteMeta],
    mut index: usize,
) -> usize {
    let mut rest = mounts;
    while let [mount, more @ ..] = rest {
        rest = more;
        match mount {
            Mount::Handler(leaf) => {
                metas[index] = RouteMeta { row: leaf.row, memos, index };
                index += 1;
            }
            Mount::Blueprint(_, children) => index = fill(children.mounts, memos, metas, index),
        }
    }
    index
}

/// Refuses routes that are in conflict or wrong.
///
/// # Panics
/// In const evaluation, with a text that names the handlers, their patterns, files and lines.
#[track_caller]
pub const fn check<const NODES: usize, const SLOTS: usize, const ROWS: usize, const COUNT: usize>(
    draft: &Draft<'static, NODES, SLOTS, ROWS>,
    metas: &[RouteMeta; COUNT],
) {
    if !draft.is_whole() {
        draft.check(&routes(draft, metas));
    }
}

/// The rows as the table's errors name them, if they do: to read the places of all of many would take const evaluation too long.
const fn routes<const NODES: usize, const SLOTS: usize, const ROWS: usize, const COUNT: usize>(
    draft: &Draft<'static, NODES, SLOTS, ROWS>,
    metas: &[RouteMeta; COUNT],
) -> [Route<'static>; COUNT] {
    const ORIGIN: Origin<'static> = Origin { module: "", handler: "", file: "", line: 0, column: 0 };
    const NONE: Route<'static> =
        Route { prefix: None, pattern: "/", methods: Methods::NONE, extension_methods: &[], origin: ORIGIN };
    let mut routes = [NONE; COUNT];
    let mut i = 0;
    while i < COUNT {
        if draft.is_at_fault(i) {
            let row = metas[i].row;
            routes[i] = Route {
                prefix: Some(&row.blueprint.prefix),
                pattern: row.pattern,
                origin: row.origin(),
                ..NONE
            };
        }
        i += 1;
    }
    routes
}

/// Where an inherited parameter stands, counted from the end of the whole pattern; `own` is how many follow the
/// inherited ones.
///
/// # Panics
/// In const evaluation: if no prefix has it.
#[expect(clippy::panic, reason = "a compile error, in words")]
#[track_caller]
pub const fn inherited_from_end(blueprint: &'static Blueprint, own: usize, name: &str) -> usize {
    match place_from_end(Some(blueprint), name) {
        Some(place) => own + place,
        None => panic!(
            "`params(...)` names a parameter that no prefix of the handler's blueprints has\n\
             help: name one that stands in the prefix, as in `blueprint!(\"/orgs/<org>\", [...])` and `params(org)`"
        ),
    }
}

/// Where a parameter stands in the prefixes of a blueprint, counted from their end.
const fn place_from_end(mut blueprint: Option<&'static Blueprint>, name: &str) -> Option<usize> {
    let mut inside = 0;
    while let Some(inner) = blueprint {
        let (mut code, mut params, mut found) = (inner.code(), 0, 0);
        while let Some(part) = code.next() {
            if let Some(param) = part.name() {
                params += 1;
                if same(param, name) {
                    found = params;
                }
            }
        }
        if found > 0 {
            return Some(inside + params - found + 1);
        }
        inside += params;
        blueprint = inner.parent;
    }
    None
}

/// What only const evaluation sees of a blueprint. (Methods, for a path through `$crate` would take the errors away from
/// the user's tokens.)
impl Blueprint {
    /// Its own prefix.
    const fn code(&self) -> Code<'static> {
        Code { text: self.prefix.text, bytes: self.code }
    }

    /// Checks that a blueprint names all parameters that it inherits from its parent, in order.
    ///
    /// # Panics
    /// In const evaluation: if it does not.
    #[expect(clippy::panic, reason = "a compile error, in words")]
    #[track_caller]
    pub const fn check_inherited(&'static self, names: &[&str]) {
        if let Some(parent) = self.parent
            && !names_all(parent, names)
        {
            panic!(
                "a blueprint names all parameters of its parent's prefixes, in their order, in `params(...)`\n\
                 help: for the parent prefix `/orgs/<org>` say `params(org)`; for one without parameters leave it out"
            );
        }
    }

    /// Checks that a handler in a file module names all parameters of the prefixes before its own, in order: its link
    /// asks for each, and its macro cannot see them. A name that stands in no prefix is reported at its place.
    ///
    /// # Panics
    /// In const evaluation: if it does not.
    #[expect(clippy::panic, reason = "a compile error, in words")]
    #[track_caller]
    pub const fn check_named<T>(&'static self, handler: &Node<T>) {
        if let Item::Handler(row) = &handler.item
            && !names_all(self, row.more().inherited)
            && has_all(self, row.more().inherited)
        {
            panic!(
                "this handler does not name all parameters of its blueprint's prefix, in their order, in `params(...)`\n\
                 help: for the prefix `/orgs/<org>` write `#[get(\"/\", params(org))]`, whether the handler takes `org` or \
                 leaves it: the link to it asks for it"
            );
        }
    }
}

/// Whether each of these names is that of a parameter of the blueprint's prefixes.
const fn has_all(blueprint: &'static Blueprint, names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if place_from_end(Some(blueprint), names[i]).is_none() {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether these are the names of all parameters of a blueprint's prefixes, in their order.
const fn names_all(blueprint: &'static Blueprint, names: &[&str]) -> bool {
    matches!(named(blueprint, names), Some(count) if count == names.len())
}

/// How many parameters the prefixes of a blueprint have, if these names begin with theirs.
const fn named(blueprint: &'static Blueprint, names: &[&str]) -> Option<usize> {
    let mut count = match blueprint.parent {
        Some(parent) => match named(parent, names) {
            Some(count) => count,
            None => return None,
        },
        None => 0,
    };
    let mut code = blueprint.code();
    while let Some(part) = code.next() {
        if let Some(param) = part.name() {
            if count == names.len() || !same(param, names[count]) {
                return None;
            }
            count += 1;
        }
    }
    Some(count)
}

/// A link: prefixes and pattern, with the parameters in their places.
pub(crate) fn link(
    blueprint: &'static Blueprint,
    pattern: &'static str,
    parameters: &[&dyn std::fmt::Display],
) -> Link {
    // The pattern was checked at compile time, so its text is taken as it stands: `<` begins a parameter and nothing else,
    // `?` ends the path.
    let joined;
    let mut rest = match blueprint.known() {
        None => pattern,
        Some(blueprint) => {
            joined = cello_routing::join(Some(&blueprint.prefix), pattern);
            &joined
        }
    };
    let (mut link, mut parameters) = (Link::with_room(rest.len()), parameters.iter());
    // Byte by byte, which is faster than a search for texts as short as these.
    while let Some(at) = rest.bytes().position(|byte| byte == b'<' || byte == b'?') {
        let (text, from) = rest.split_at(at);
        link.text(text);
        let Some(end) = from.bytes().position(|byte| byte == b'>').filter(|_| from.starts_with('<')) else {
            return link.on_this_host();
        };
        if let Some(value) = parameters.next() {
            link.parameter(value, from[..end].ends_with(".."));
        }
        rest = &from[end + 1..];
    }
    link.text(rest);
    link.on_this_host()
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}
