//! What is mounted: the lists of `routes![...]` and of blueprints, and what const evaluation reads of them.
//!
//! The fields are public for generated code only, through `cello::__private`.
#![allow(missing_debug_implementations)] // nobody prints what only generated code holds

use cello_routing::{Capacity, Code, Entry, Methods};

use super::row::{Blueprint, Row};

/// What stands in the lists of `routes![...]` and of blueprints: a handler's row, or a blueprint with what it mounts.
#[allow(clippy::large_enum_variant)] // they lie in statics, and most are rows
pub enum Item {
    /// A handler.
    Handler(Row),
    /// A blueprint.
    Blueprint(&'static Blueprint, Children),
}

/// What `routes![...]` reads of an [`Item`].
#[derive(Clone, Copy)]
pub(crate) enum Mount {
    /// A handler.
    Handler(Leaf),
    /// A blueprint.
    Blueprint(&'static Blueprint, Children),
}

/// What `routes![...]` reads of a handler to freeze it.
///
/// Leaves stand in a static of their own beside that of the rows. Const evaluation looks at nothing behind a static that
/// it does not read: so the rest of the row costs the application nothing, and an edit that moves the row does not freeze the
/// routes anew.
#[derive(Clone, Copy)]
pub(crate) struct Leaf {
    /// Its own pattern and methods.
    pub entry: Entry<'static>,
    /// The blueprint that mounts it, or [`Blueprint::NOTHING`].
    pub blueprint: &'static Blueprint,
    /// The row.
    pub row: &'static Row,
}

/// What a blueprint mounts, and how much room it needs in all.
#[derive(Clone, Copy)]
pub struct Children {
    pub(crate) mounts: &'static [Mount],
    pub(crate) size: &'static Size,
}

/// What `routes![...]` reads of a list. How much room it needs is added up where each of the list is read anyway, and not once more for the
/// whole application.
pub struct Mounts<const COUNT: usize> {
    pub(crate) each: [Mount; COUNT],
    pub(crate) size: Size,
}

impl<const COUNT: usize> Mounts<COUNT> {
    /// How many handlers are mounted.
    pub const fn routes(&self) -> usize {
        self.size.routes
    }

    /// How much room the draft of the table needs.
    pub const fn room(&self) -> Capacity {
        Capacity::new(self.size.parts, self.size.methods)
    }
}

/// How much room what is mounted needs.
pub(crate) struct Size {
    /// How many handlers are mounted.
    pub(crate) routes: usize,
    /// How many parts their patterns have at most, prefixes counted once.
    pub(crate) parts: usize,
    /// How many methods they take.
    pub(crate) methods: usize,
}

/// What const evaluation reads of these items, of which there are as many.
pub const fn mounts<const COUNT: usize>(items: &'static [Item]) -> Mounts<COUNT> {
    let mut each = [Mount::Blueprint(Blueprint::NOTHING, Children::NONE); COUNT];
    let mut size = Size { routes: 0, parts: 0, methods: 0 };
    let mut i = 0;
    while i < COUNT {
        each[i] = match &items[i] {
            Item::Handler(row) => {
                let mut extension_methods: &[&str] = &[];
                let mut count = 1;
                if let Some(more) = row.more
                    && !more.methods.is_empty()
                {
                    extension_methods = more.extension_methods;
                    count = more.methods.len();
                }
                size.routes += 1;
                // A segment is a word of eight bytes, or more. To count them takes const evaluation longer than the room is worth that a draft
                // then has for nothing.
                size.parts += row.code.len() / 8;
                size.methods += count;
                let code = Code { text: row.pattern, bytes: row.code };
                let entry = Entry { code, methods: Methods::from_bits(row.methods), extension_methods };
                Mount::Handler(Leaf { entry, blueprint: row.blueprint, row })
            }
            Item::Blueprint(blueprint, children) => {
                size.routes += children.size.routes;
                size.parts += children.size.parts + prefix_parts(Some(blueprint));
                size.methods += children.size.methods;
                Mount::Blueprint(blueprint, *children)
            }
        };
        i += 1;
    }
    Mounts { each, size }
}

/// What const evaluation reads of the items of an application, where each handler has the prefixes of its own blueprint.
pub const fn roots<const COUNT: usize>(items: &'static [Item]) -> Mounts<COUNT> {
    let mut roots = mounts(items);
    let mut i = 0;
    while i < COUNT {
        if let Item::Handler(row) = &items[i] {
            roots.size.parts += prefix_parts(Some(row.blueprint));
        }
        i += 1;
    }
    roots
}

/// How deep blueprints may be nested.
const DEPTH: usize = 16;

/// How many parts the prefixes of a blueprint have.
#[expect(clippy::panic, reason = "a compile error, in words")]
const fn prefix_parts(mut blueprint: Option<&'static Blueprint>) -> usize {
    let (mut parts, mut depth) = (0, 0);
    while let Some(inner) = blueprint {
        depth += 1;
        if depth == DEPTH {
            panic!("blueprints are nested more than 15 deep\nhelp: join some of their prefixes");
        }
        parts += inner.code.len() / 8;
        blueprint = inner.parent;
    }
    parts
}

impl Children {
    /// Nothing.
    pub(super) const NONE: Self = Self { mounts: &[], size: &Size { routes: 0, parts: 0, methods: 0 } };
}
