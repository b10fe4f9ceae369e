//! What the macros write: one row for a handler, one record for a blueprint.
//!
//! The fields are public for generated code only, through `cello::__private`.
#![allow(missing_debug_implementations)] // nobody prints what only generated code holds; `RouteMeta` is what people see

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use cello_routing::{Entry, Part, Prefix};

use super::{Description, ParamMeta, RouteConfig};
use crate::dispatch::Exchange;
use crate::middleware::ScopedStack;
use crate::{Body, Problem, Response};

/// Calls a handler: extracts its arguments, and gives its answer or what will become of it.
pub(crate) type Shim = for<'r> fn(&'r Exchange<'r>, Body) -> Result<Answer<'r>, Problem>;

/// What a handler gives.
pub enum Answer<'r> {
    /// A response, from a handler that had nothing to wait for.
    Ready(Response),
    /// A response to come.
    Pending(Pin<Box<dyn Future<Output = Response> + Send + 'r>>),
}

/// A check before the handler.
#[derive(Clone, Copy)]
pub struct Guard {
    /// An error is the answer.
    pub check: GuardCheck,
    /// The whole name of its type.
    pub type_name: fn() -> &'static str,
}

/// See [`Guard::check`].
pub(crate) type GuardCheck =
    for<'r> fn(&'r Exchange<'r>) -> Pin<Box<dyn Future<Output = Result<(), Response>> + Send + 'r>>;

impl Guard {
    /// Its name for people, without modules: `Role<Admin>`.
    pub(crate) fn name(self) -> String {
        let whole = (self.type_name)();
        let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
        let words = whole.split_inclusive(|c| !is_of_word(c));
        words.map(|word| word.rsplit("::").next().unwrap_or(word)).collect()
    }
}

/// Makes the middleware that a blueprint or a route adds, once, when the application is built.
pub(crate) type MakeScope = fn() -> ScopedStack;

/// One handler.
pub struct Row {
    /// Its own pattern and methods, as the table wants them.
    pub entry: Entry<'static>,
    /// Its name.
    pub name: &'static str,
    /// Its module.
    pub module: &'static str,
    /// Module and name: `concat!(module_path!(), "::", name)`.
    pub path: &'static str,
    /// The blueprint that mounts it.
    pub blueprint: Option<&'static Blueprint>,
    /// Its doc comment.
    pub docs: &'static str,
    /// Its file.
    pub file: &'static str,
    /// The line of its name.
    pub line: u32,
    /// The column of its name.
    pub column: u32,
    /// Its methods, the standard ones first.
    pub methods: &'static [&'static str],
    /// Its own pattern.
    pub pattern: &'static str,
    /// The parameters that must stand in the prefixes of its blueprints.
    pub inherited: &'static [&'static str],
    /// Its parameters.
    pub params: &'static [ParamMeta],
    /// Its settings.
    pub config: RouteConfig,
    /// Its own guards.
    pub guards: &'static [Guard],
    /// Its own middleware.
    pub with: Option<MakeScope>,
    /// What its extractors and responder say of themselves.
    pub describe: &'static [fn(&mut Description)],
    /// Calls it.
    pub shim: Shim,
}

/// The methods of a row that has one, as most have: a list of its own would cost each of them time in every check.
pub mod one_method {
    macro_rules! lists {
        ($($method:ident)+) => { $(
            #[doc = concat!("`", stringify!($method), "`.")]
            pub const $method: &[&str] = &[stringify!($method)];
        )+ };
    }

    lists! { GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT }
}

/// No handler: what arrays are filled with before their rows are written.
pub(crate) static NO_ROW: Row = Row::NONE;

impl Row {
    /// A row of nothing: what few handlers have, their rows take from here.
    pub const NONE: Self = Self {
        entry: Entry {
            parts: &[],
            query: &[],
            methods: cello_routing::Methods::NONE,
            extension_methods: &[],
        },
        name: "",
        module: "",
        path: "",
        blueprint: None,
        docs: "",
        file: "",
        line: 0,
        column: 0,
        methods: &[],
        pattern: "/",
        inherited: &[],
        params: &[],
        config: RouteConfig::new(),
        guards: &[],
        with: None,
        describe: &[],
        shim: |_, _| Err(Problem::new(http::StatusCode::NOT_FOUND)),
    };

    /// The entry of a handler without query parameters and extension methods.
    pub const fn plain(parts: &'static [Part<'static>], methods: cello_routing::Methods) -> Entry<'static> {
        Entry { parts, query: &[], methods, extension_methods: &[] }
    }
}

/// What `routes![...]` reads of a handler to freeze it.
///
/// A blueprint collects those of its handlers in a static of its own. Const evaluation looks at nothing behind a static that
/// it does not read: so the rest of the row costs the application nothing, and an edit that moves the row does not freeze the
/// routes anew.
#[derive(Clone, Copy)]
pub struct Leaf {
    /// Its own pattern and methods.
    pub entry: Entry<'static>,
    /// The blueprint that mounts it.
    pub blueprint: Option<&'static Blueprint>,
    /// The row.
    pub row: &'static Row,
}

/// One blueprint.
pub struct Blueprint {
    /// Its name.
    pub name: &'static str,
    /// Its module.
    pub module: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Its file.
    pub file: &'static str,
    /// The line of its name.
    pub line: u32,
    /// The column of its name.
    pub column: u32,
    /// Its prefix, with those of the blueprints around it.
    pub prefix: Prefix<'static>,
    /// Its own prefix, read.
    pub parts: &'static [Part<'static>],
    /// The blueprint that it is nested in.
    pub parent: Option<&'static Self>,
    /// Its guards.
    pub guards: &'static [Guard],
    /// Its middleware.
    pub with: Option<MakeScope>,
    /// Its settings.
    pub config: RouteConfig,
}

/// What stands in `routes![...]`: a handler, or a blueprint with what it mounts.
#[derive(Clone, Copy)]
pub enum Mount {
    /// A handler.
    Handler(Leaf),
    /// A blueprint.
    Blueprint(&'static Blueprint, &'static [Self]),
}

/// A [`Mount`] with the type that knows its needs.
pub struct Node<T> {
    /// What is mounted.
    pub mount: Mount,
    _type: PhantomData<fn() -> T>,
}

impl<T> Node<T> {
    /// A handler.
    pub const fn handler(row: &'static Row) -> Self {
        let leaf = Leaf { entry: row.entry, blueprint: row.blueprint, row };
        Self { mount: Mount::Handler(leaf), _type: PhantomData }
    }

    /// A blueprint.
    pub const fn blueprint(blueprint: &'static Blueprint, children: &'static [Mount]) -> Self {
        Self { mount: Mount::Blueprint(blueprint, children), _type: PhantomData }
    }

    /// What has no handlers: configured away, or broken and reported.
    pub const fn nothing() -> Self {
        Self::blueprint(&NOTHING, &[])
    }

    /// The marker that carries `T` into the type of `routes![...]`.
    pub const fn needs(&self) -> NeedsOf<T> {
        NeedsOf(PhantomData)
    }
}

static NOTHING: Blueprint = Blueprint {
    name: "",
    module: "",
    docs: "",
    file: "",
    line: 0,
    column: 0,
    prefix: Prefix { text: "/", outer: None },
    parts: &[],
    parent: None,
    guards: &[],
    with: None,
    config: RouteConfig::new(),
};

impl Blueprint {
    /// What stands for a blueprint that is configured away, for children that name it.
    pub const NOTHING: &'static Self = &NOTHING;
}

/// What a handler knows of the blueprint that mounts it.
pub type Mounted = Option<&'static Blueprint>;

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
/// `handler::BLUEPRINT`, and an inherent constant goes before this one.
pub trait NoBlueprint {
    /// None.
    const BLUEPRINT: Option<&'static Blueprint> = None;
}

impl<T> NoBlueprint for T {}
