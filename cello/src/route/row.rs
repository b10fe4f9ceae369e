//! What the macros write: one row for a handler, one record for a blueprint.
//!
//! The fields are public for generated code only, through `cello::__private`.
#![allow(missing_debug_implementations)] // nobody prints what only generated code holds; `RouteMeta` is what people see

use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use cello_routing::{Entry, Methods, Part, Prefix};

use super::{Description, ParamMeta, RouteConfig};
use crate::dispatch::Exchange;
use crate::middleware::ScopedStack;
use crate::{Body, Problem, Response};

/// Calls a handler: extracts its arguments, and gives its answer or what will become of it. Or says what it takes.
pub(crate) type Shim = for<'r> fn(Asker<'r>, Body) -> Result<Answer<'r>, Problem>;

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

/// Who asks a shim.
#[derive(Clone, Copy)]
pub enum Asker<'r> {
    /// A request, for its answer.
    Request(&'r Exchange<'r>),
    /// Somebody who wants to know what parameters the handler takes; the handler is not called. What each parameter should be
    /// is said where it is got: so a description cannot say another thing than what is done.
    Description(&'r Asked),
}

/// What a shim has said of its handler: the parameters of path and query.
#[derive(Default)]
pub struct Asked(RefCell<Vec<ParamMeta>>);

impl Asked {
    pub(crate) fn param(&self, param: ParamMeta) {
        self.0.borrow_mut().push(param);
    }

    pub(crate) fn params(self) -> Vec<ParamMeta> {
        self.0.into_inner()
    }
}

/// One handler.
///
/// Each check of the user's crate pays for what is written here, so there is no more of it than it needs: what most handlers
/// do not have stands in [`More`], and what the shim knows is asked of the shim.
pub struct Row {
    /// What its own pattern consists of.
    pub parts: &'static [Part<'static>],
    /// Its query parameters.
    pub query: &'static [&'static str],
    /// Its standard methods.
    pub methods: Methods,
    /// Its module and name: `concat!(module_path!(), "::", name)`.
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
    /// Its own pattern.
    pub pattern: &'static str,
    /// What few handlers have.
    pub more: &'static More,
    /// What its extractors and responder say of themselves.
    pub describe: &'static [fn(&mut Description)],
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
    parts: &[],
    query: NO_QUERY,
    methods: Methods::NONE,
    path: "",
    blueprint: None,
    docs: "",
    file: "",
    line: 0,
    column: 0,
    pattern: "/",
    more: NO_MORE,
    describe: &[],
    shim: |_, _| Err(Problem::new(http::StatusCode::NOT_FOUND)),
};

/// The query parameters of a handler without any: a list of its own would cost each check more.
pub const NO_QUERY: &[&str] = &[];

/// What a handler has that has nothing special.
pub const NO_MORE: &More = &More::NONE;

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
        let Row { parts, query, methods, blueprint, more, .. } = *row;
        let entry = Entry { parts, query, methods, extension_methods: more.extension_methods };
        let leaf = Leaf { entry, blueprint, row };
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
