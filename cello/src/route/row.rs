//! What the macros write: one row for a handler, one record for a blueprint.
//!
//! The fields are public for generated code only, through `cello::__private`.
#![allow(missing_debug_implementations)] // nobody prints what only generated code holds; `RouteMeta` is what people see

use std::marker::PhantomData;

use cello_routing::{Methods, Origin, Prefix};

use super::RouteConfig;
use super::mount::{Children, Item, Mounts};
use super::shim::{Describe, Extracts, Guard, Shim, nothing};
use crate::Problem;
use crate::middleware::ScopedStack;

/// Makes the middleware that a blueprint or a route adds, once, when the application is built.
pub(crate) type MakeScope = fn() -> ScopedStack;

/// One handler.
///
/// Each check of the user's crate pays for what is written here, so there is no more of it than it needs: what most handlers
/// do not have stands in [`More`], and what the shim knows is asked of the shim.
pub struct Row {
    /// The path of its own pattern, as the bytes of the numbers of a [`Code`](cello_routing::Code).
    pub code: &'static [u8],
    /// Its standard methods, as [`Methods::bits`] gives them.
    pub methods: u32,
    /// Its module.
    pub module: &'static str,
    /// The blueprint that mounts it, or [`Blueprint::NOTHING`].
    pub blueprint: Mounted,
    /// The file, the line and the column of its name, its name, and its doc comment, with a NUL between them: one text, for each costs.
    pub told: &'static str,
    /// Its own pattern.
    pub pattern: &'static str,
    /// What few handlers have.
    pub more: Option<&'static More>,
    /// What its extractors say of themselves.
    pub extracts: Extracts,
    /// What its responder says of itself.
    pub responds: Describe,
    /// Calls it.
    pub shim: Shim,
}

/// What few handlers have.
pub struct More {
    /// Its methods, the standard ones first, if they are not one standard method.
    pub methods: &'static [&'static str],
    /// Those of its methods that are no standard ones.
    pub extension_methods: &'static [&'static str],
    /// The parameters that must stand in the prefixes of its blueprints.
    pub inherited: &'static [&'static str],
    /// Its settings.
    pub config: RouteConfig,
    /// Its own guards.
    pub guards: &'static [Guard],
    /// Its own middleware.
    pub with: Option<MakeScope>,
}

/// No handler: what arrays are filled with before their rows are written.
pub(crate) static NO_ROW: Row = Row {
    code: b"",
    methods: Methods::NONE.bits(),
    module: "",
    blueprint: Blueprint::NOTHING,
    told: "",
    pattern: "/",
    more: None,
    extracts: Extracts::Nothing,
    responds: nothing,
    shim: |_, _| Err(Problem::new(http::StatusCode::NOT_FOUND)),
};

impl Row {
    /// Its standard methods.
    pub(crate) const fn methods(&self) -> Methods {
        Methods::from_bits(self.methods)
    }

    /// What few handlers have.
    pub(crate) const fn more(&self) -> &'static More {
        match self.more {
            Some(more) => more,
            None => &More::NONE,
        }
    }

    /// Where it stands, with module and name.
    pub(crate) const fn origin(&self) -> Origin<'static> {
        self.told().0
    }

    /// Its doc comment.
    pub(crate) const fn docs(&self) -> &'static str {
        self.told().1
    }

    const fn told(&self) -> (Origin<'static>, &'static str) {
        let (file, rest) = cut(self.told);
        let (line, rest) = cut(rest);
        let (column, rest) = cut(rest);
        let (handler, docs) = cut(rest);
        let (line, column) = (number(line), number(column));
        (Origin { module: self.module, handler, file, line, column }, docs)
    }
}

/// What stands before the first NUL of a text, and what after it.
const fn cut(text: &'static str) -> (&'static str, &'static str) {
    let mut at = 0;
    while at < text.len() {
        if text.as_bytes()[at] == 0 {
            let (before, after) = text.split_at(at);
            return (before, after.split_at(1).1);
        }
        at += 1;
    }
    (text, "")
}

/// What decimal digits say.
const fn number(digits: &str) -> u32 {
    let (mut rest, mut number) = (digits.as_bytes(), 0u32);
    while let [digit, more @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add((*digit as u32).wrapping_sub(b'0' as u32));
        rest = more;
    }
    number
}

impl More {
    /// Nothing of it.
    pub const NONE: Self = Self {
        methods: &[],
        extension_methods: &[],
        inherited: &[],
        config: RouteConfig::new(),
        guards: &[],
        with: None,
    };
}

/// One blueprint.
///
/// Each handler has it in a constant, and const evaluation checks the value of a constant together with all that it refers to, at every one of
/// them. So there is no more of it than there is of a [`Row`].
pub struct Blueprint {
    /// Its module.
    pub module: &'static str,
    /// Its prefix, with those of the blueprints around it.
    pub prefix: Prefix<'static>,
    /// Its own prefix, as the bytes of the numbers of a [`Code`](cello_routing::Code).
    pub code: &'static [u8],
    /// The blueprint that it is nested in.
    pub parent: Option<&'static Self>,
    /// The file, the line and the column of its prefix, and its doc comment, with a NUL between them: for what will tell of an application
    /// by its blueprints. Nothing reads it yet.
    pub told: &'static str,
    /// What few blueprints have.
    pub more: Option<&'static MoreOfBlueprint>,
}

/// What few blueprints have.
pub struct MoreOfBlueprint {
    /// Their settings.
    pub config: RouteConfig,
    /// Their guards.
    pub guards: &'static [Guard],
    /// Their middleware.
    pub with: Option<MakeScope>,
}

/// An [`Item`] with the type that knows its needs.
pub struct Node<T> {
    /// What is mounted.
    pub item: Item,
    _type: PhantomData<fn() -> T>,
}

/// What a handler does that extracts nothing. (The fields have names for the same reason as those of [`Extracts`].)
pub struct Calls {
    /// See [`Row::responds`].
    pub responds: Describe,
    /// See [`Row::shim`].
    pub shim: Shim,
}

/// What a handler does that extracts something.
pub struct ExtractsAndCalls {
    /// See [`Row::extracts`].
    pub extracts: Extracts,
    /// See [`Row::responds`].
    pub responds: Describe,
    /// See [`Row::shim`].
    pub shim: Shim,
}

/// A handler that extracts nothing. A function with arguments in their order, since a name for each, and a function of a type, cost every
/// check of the user's crate.
pub const fn handler<T>(
    code: &'static [u8],
    methods: u32,
    module: &'static str,
    blueprint: Mounted,
    told: &'static str,
    pattern: &'static str,
    Calls { responds, shim }: Calls,
) -> Node<T> {
    let extracts = Extracts::Nothing;
    let row = Row { code, methods, module, blueprint, told, pattern, more: None, extracts, responds, shim };
    Node { item: Item::Handler(row), _type: PhantomData }
}

/// A handler that extracts something.
pub const fn extracting_handler<T>(
    code: &'static [u8],
    methods: u32,
    module: &'static str,
    blueprint: Mounted,
    told: &'static str,
    pattern: &'static str,
    ExtractsAndCalls { extracts, responds, shim }: ExtractsAndCalls,
) -> Node<T> {
    let row = Row { code, methods, module, blueprint, told, pattern, more: None, extracts, responds, shim };
    Node { item: Item::Handler(row), _type: PhantomData }
}

impl<T> Node<T> {
    /// The handler with what few have.
    #[must_use]
    pub const fn more(mut self, more: &'static More) -> Self {
        if let Item::Handler(row) = &mut self.item {
            row.more = Some(more);
        }
        self
    }

    /// A blueprint.
    pub const fn blueprint<const COUNT: usize>(
        blueprint: &'static Blueprint,
        mounts: &'static Mounts<COUNT>,
    ) -> Self {
        let children = Children { mounts: &mounts.each, size: &mounts.size };
        Self { item: Item::Blueprint(blueprint, children), _type: PhantomData }
    }

    /// What has no handlers: configured away, or broken and reported.
    pub const fn nothing() -> Self {
        Self { item: Item::Blueprint(&NOTHING, Children::NONE), _type: PhantomData }
    }

    /// The marker that carries `T` into the type of `routes![...]`.
    pub const fn needs(&self) -> NeedsOf<T> {
        NeedsOf(PhantomData)
    }
}

static NOTHING: Blueprint = Blueprint {
    module: "",
    prefix: Prefix { text: "/", outer: None },
    code: b"",
    parent: None,
    told: "",
    more: None,
};

impl Blueprint {
    /// What stands for a blueprint that is configured away, for children that name it, and at a handler that no blueprint mounts.
    pub const NOTHING: &'static Self = &NOTHING;

    /// This blueprint, if it is one. `None` in its place, as the constant of each handler, cost a cold check a four-hundredth more.
    pub(crate) const fn known(&'static self) -> Option<&'static Self> {
        if self.module.is_empty() { None } else { Some(self) }
    }

    /// What few blueprints have.
    pub(crate) const fn more(&self) -> &'static MoreOfBlueprint {
        match self.more {
            Some(more) => more,
            None => &MoreOfBlueprint::NONE,
        }
    }
}

impl MoreOfBlueprint {
    /// Nothing of it.
    pub const NONE: Self = Self { config: RouteConfig::new(), guards: &[], with: None };
}

/// What a handler knows of the blueprint that mounts it.
pub type Mounted = &'static Blueprint;

/// Carries the type of a handler or blueprint.
pub struct NeedsOf<T>(PhantomData<fn() -> T>);

impl<S, T: crate::state::proof::Needs<S>> crate::state::proof::Needs<S> for NeedsOf<T> {}

/// What `routes![...]` and `blueprint!` take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a handler nor a blueprint",
    label = "expected a function with a route attribute, or the module of a blueprint",
    note = "help: put an attribute such as `#[get(\"/path\")]` on a function, and name the function here"
)]
pub trait Mountable {}

/// What generated code asks for `cello_routes` that has none of its own: an inherent function goes before this one.
pub trait NoRoute {
    /// None.
    fn cello_routes() -> Node<()>
    where
        Self: Mountable,
    {
        Node::nothing()
    }
}

impl<T> NoRoute for T {}

/// What a handler says of the blueprint that mounts it, unless the blueprint says so itself: generated code asks for
/// `handler::CELLO_BLUEPRINT`, and an inherent constant goes before this one.
pub trait NoBlueprint {
    /// None.
    const CELLO_BLUEPRINT: Mounted = Blueprint::NOTHING;
}

impl<T> NoBlueprint for T {}
