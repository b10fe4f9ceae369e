//! What is known of a route: [`RouteMeta`], [`RouteConfig`].

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use cello_routing::Methods as Bits;

use super::row::{Blueprint, Row};
use super::shim::{Asked, Asker, Guard};
use crate::Body;

/// What is known of a route at compile time.
#[non_exhaustive]
#[derive(Clone, Copy)]
pub struct RouteMeta {
    pub(crate) row: &'static Row,
    pub(crate) memos: &'static RouteMemos,
    /// Which of them is that of this route.
    pub(crate) index: usize,
}

/// What is found out about the routes of a `routes![...]` when it is asked for first, and kept: one place for all, since const
/// evaluation takes long for what can be written to later.
#[derive(Debug)]
pub struct RouteMemos {
    count: usize,
    all: OnceLock<Box<[RouteMemo]>>,
}

impl RouteMemos {
    /// Nothing yet, of so many routes.
    pub const fn new(count: usize) -> Self {
        Self { count, all: OnceLock::new() }
    }
}

#[derive(Debug, Default)]
struct RouteMemo {
    /// The whole pattern: const evaluation would take long for it.
    pattern: OnceLock<String>,
    /// Its module and name: two texts in a check cost less than to join them.
    handler: OnceLock<String>,
    /// The names of its middleware, which are asked of the middleware itself.
    middleware: OnceLock<Vec<String>>,
    /// Its parameters, which are asked of its shim.
    params: OnceLock<Vec<ParamMeta>>,
}

impl RouteMeta {
    fn memo(&self) -> &'static RouteMemo {
        let RouteMemos { count, all } = self.memos;
        &all.get_or_init(|| (0..*count).map(|_| RouteMemo::default()).collect())[self.index]
    }

    /// The methods that it takes; empty if it takes [`any`](Self::is_any).
    pub fn methods(&self) -> &'static [&'static str] {
        const STANDARD: &[(Bits, &[&str])] = &[
            (Bits::GET, &["GET"]),
            (Bits::HEAD, &["HEAD"]),
            (Bits::POST, &["POST"]),
            (Bits::PUT, &["PUT"]),
            (Bits::PATCH, &["PATCH"]),
            (Bits::DELETE, &["DELETE"]),
            (Bits::OPTIONS, &["OPTIONS"]),
            (Bits::CONNECT, &["CONNECT"]),
            (Bits::TRACE, &["TRACE"]),
        ];
        let only = STANDARD.iter().find(|(method, _)| self.row.methods() == *method);
        only.map_or(self.row.more().methods, |(_, names)| names)
    }

    /// Whether it takes every method that has no handler of its own.
    pub fn is_any(&self) -> bool {
        self.row.methods().contains(Bits::ANY)
    }

    /// The whole pattern, prefixes of blueprints included, without its query part: `/api/v1/users/<id>`.
    pub fn pattern(&self) -> &'static str {
        self.memo().pattern.get_or_init(|| {
            let mut pattern = cello_routing::join(Some(&self.row.blueprint.prefix), self.row.pattern);
            pattern.truncate(pattern.find('?').unwrap_or(pattern.len()));
            pattern
        })
    }

    /// The name of the handler: `get_user`.
    pub fn name(&self) -> &'static str {
        self.row.origin().handler
    }

    /// The module and name of the handler: `shop::users::get_user`.
    pub fn handler(&self) -> &'static str {
        self.memo().handler.get_or_init(|| format!("{}::{}", self.module(), self.name()))
    }

    /// The module of the handler: `shop::users`.
    pub fn module(&self) -> &'static str {
        self.row.module
    }

    /// The module of the blueprint that mounts it, if any: `shop::users`.
    pub fn blueprint(&self) -> Option<&'static str> {
        self.row.blueprint.known().map(|blueprint| blueprint.module)
    }

    /// The doc comment of the handler.
    pub fn docs(&self) -> &'static str {
        self.row.docs()
    }

    /// The file of the handler, as the compiler names it.
    pub fn file(&self) -> &'static str {
        self.row.origin().file
    }

    /// The line of the handler's name in its file.
    pub fn line(&self) -> u32 {
        self.row.origin().line
    }

    /// The column of the handler's name in its line.
    pub fn column(&self) -> u32 {
        self.row.origin().column
    }

    /// The parameters that the handler takes from path and query, in the order of its arguments.
    pub fn params(&self) -> &'static [ParamMeta] {
        self.memo().params.get_or_init(|| {
            let asked = Asked::default();
            // There is no answer: nobody has made a request.
            let _ = (self.row.shim)(Asker::Description(&asked), &mut Body::empty());
            asked.params()
        })
    }

    /// The handler's own settings.
    pub fn config(&self) -> &'static RouteConfig {
        &self.row.more().config
    }

    /// The tags of the handler and of its blueprints, outermost first.
    pub fn tags(&self) -> Vec<&'static str> {
        let mut tags: Vec<_> = self.blueprints().map(|blueprint| blueprint.more().config.tags).collect();
        tags.reverse();
        tags.push(self.row.more().config.tags);
        tags.concat()
    }

    /// The names of the middleware of its blueprints, outermost first, and of its own: all that stands in `with(...)`. What the
    /// application adds for every route, [`Application::middleware_names`](crate::Application::middleware_names) tells.
    ///
    /// They are those of the application that was built first from these routes; before one is, the middleware is made to be
    /// asked for its name.
    pub fn middleware(&self) -> &'static [String] {
        self.memo().middleware.get_or_init(|| {
            let mut blueprints: Vec<_> = self.blueprints().map(|blueprint| blueprint.more().with).collect();
            blueprints.reverse();
            let scopes = blueprints.into_iter().chain([self.row.more().with]).flatten();
            scopes.flat_map(|make| make().names).collect()
        })
    }

    /// Keeps the names of the middleware that has been made.
    pub(crate) fn set_middleware(&self, names: Vec<String>) {
        // The first application has told them already.
        let _ = self.memo().middleware.set(names);
    }

    /// The guards of its blueprints, outermost first, and its own, by the names of their types: `Admin`.
    pub fn guards(&self) -> Vec<String> {
        let mut guards: Vec<_> = self.blueprints().map(|blueprint| blueprint.more().guards).collect();
        guards.reverse();
        guards.push(self.row.more().guards);
        guards.concat().into_iter().map(Guard::name).collect()
    }

    /// Asks each extractor and the responder of the handler to describe itself.
    pub fn describe(&self, description: &mut Description) {
        self.row.extracts.describe(description);
        (self.row.responds)(description);
    }

    /// What a request passes on its way from the application's middleware to the handler, in words; empty if that is nothing.
    pub(crate) fn through(&self) -> String {
        let guards = self.guards().into_iter().map(|guard| format!("guard({guard})"));
        let stages: Vec<String> = self.middleware().iter().cloned().chain(guards).collect();
        if stages.is_empty() { String::new() } else { format!("through {}", stages.join(", ")) }
    }

    /// Whether the pattern is written with a slash at its end, which is not that of the root.
    pub(crate) fn trailing_slash(&self) -> bool {
        let pattern = self.pattern();
        pattern.len() > 1 && pattern.ends_with('/')
    }

    /// The blueprint that mounts it and its parents, innermost first.
    pub(crate) fn blueprints(&self) -> impl Iterator<Item = &'static Blueprint> + use<> {
        std::iter::successors(self.row.blueprint.known(), |blueprint| blueprint.parent)
    }
}

/// `GET /users/<id> -> shop::users::get_user (src/users.rs:12)`, and `through RateLimit, guard(Admin)` behind it if it has them.
impl fmt::Display for RouteMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, file, line) = (self.handler(), self.file(), self.line());
        write!(f, "{} {} -> {path} ({file}:{line})", Methods(self), self.pattern())?;
        match self.through() {
            through if through.is_empty() => Ok(()),
            through => write!(f, " {through}"),
        }
    }
}

impl fmt::Debug for RouteMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The methods of a route as they are shown to people.
pub(crate) struct Methods<'a>(pub(crate) &'a RouteMeta);

impl fmt::Display for Methods<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_any() { f.pad("ANY") } else { f.pad(&self.0.methods().join(",")) }
    }
}

/// A parameter of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamMeta {
    /// Its name in the pattern, or its key in the query.
    pub name: &'static str,
    /// Where it stands.
    pub kind: ParamKind,
    /// Its type as written in the handler's signature.
    pub type_name: &'static str,
    /// What it should be, in words; empty for a [`QueryStruct`](ParamKind::QueryStruct).
    pub expected: &'static str,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamKind {
    /// In the path.
    Path,
    /// In the query, under its name.
    Query,
    /// The whole query, read into a struct.
    QueryStruct,
}

impl ParamMeta {
    pub(crate) const fn path(name: &'static str, type_name: &'static str, expected: &'static str) -> Self {
        Self { name, kind: ParamKind::Path, type_name, expected }
    }

    pub(crate) const fn query(name: &'static str, type_name: &'static str, expected: &'static str) -> Self {
        Self { name, kind: ParamKind::Query, type_name, expected }
    }

    pub(crate) const fn query_struct(name: &'static str, type_name: &'static str) -> Self {
        Self { name, kind: ParamKind::QueryStruct, type_name, expected: "" }
    }
}

/// The settings of one route or blueprint, as its attribute gives them.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct RouteConfig {
    /// The largest body in bytes, where it is not the application's limit: `body_limit = 64 * 1024`.
    pub body_limit: Option<usize>,
    /// The longest time that a handler may take, where it is limited: `timeout = Duration::from_secs(5)`. Past it the
    /// handler is cancelled and the answer is 503. The time begins before its arguments are extracted, so a slow body counts.
    /// A handler that is no `async fn`, or `blocking`, cannot be cancelled: it runs on, and its answer is dropped.
    pub timeout: Option<Duration>,
    /// Whether the handler runs on the blocking pool: `blocking`, of a route alone.
    pub blocking: bool,
    /// Tags, for documentation: `tags("users", "v1")`.
    pub tags: &'static [&'static str],
}

impl RouteConfig {
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self { body_limit: None, timeout: None, blocking: false, tags: &[] }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn body_limit(self, bytes: usize) -> Self {
        Self { body_limit: Some(bytes), ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(self, limit: Duration) -> Self {
        Self { timeout: Some(limit), ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn blocking(self) -> Self {
        Self { blocking: true, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn tags(self, tags: &'static [&'static str]) -> Self {
        Self { tags, ..self }
    }
}

/// What extractors and responders say of themselves.
///
/// It has nothing to say yet: this is the place where OpenAPI documents and typed clients will read from.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Description {}
