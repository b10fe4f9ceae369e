//! Cello: a web framework whose routes are frozen at compile time.
//!
//! Handlers are ordinary functions with an attribute, blueprints are modules, and `routes![...]` names what an
//! application mounts. Const evaluation turns all of it into one static table, and what can be wrong about a route is a
//! compile error at the line that is wrong.
//!
//! ```
//! use cello::prelude::*;
//!
//! /// Greets by name, loudly if asked.
//! #[get("/hello/<name>?<loud>")]
//! async fn hello(name: &str, loud: Option<bool>) -> String {
//!     if loud == Some(true) { format!("HELLO {name}!") } else { format!("hello {name}") }
//! }
//!
//! fn app() -> impl Application {
//!     App::new(routes![hello]).enable_logging()
//! }
//!
//! # if false {
//! app().run("127.0.0.1:8000").unwrap();
//! # }
//! let client = cello::testing::TestClient::new(app());
//! assert_eq!(client.get("/hello/world?loud=true").send().text(), "HELLO world!");
//! assert_eq!(hello::path("world"), "/hello/world");
//! ```
//!
//! # Where to look
//!
//! | for | see |
//! |---|---|
//! | patterns, and what stands in the attribute of a handler | [`get`](macro@get) |
//! | many handlers: modules, files, prefixes | [`blueprint`](macro@blueprint), [`blueprint!`](prelude::blueprint), [`routes!`] |
//! | what a handler takes | [`extract`], [`AppState`](derive@AppState) for shared state |
//! | what it gives | [`respond`], [`HttpError`](derive@HttpError) and [`Error`] for failures |
//! | links | [`Link`] |
//! | middleware, with what comes with the library | [`middleware`], [its members](middleware::members) |
//! | what an application is told besides | [`App`], [`Limits`], [`health`] |
//! | how it is served, and what happens at start and stop | [`Application`], `Config` (feature `cli`), `Tls` (feature `tls`) |
//! | tests | [`testing`] |
//! | what the compiler says | [`errors`] |
#![forbid(unsafe_code)]

#[allow(unused_extern_crates)] // generated code uses it
extern crate self as cello; // so that generated code finds `::cello` in this crate's own tests and examples

mod app;
mod body;
#[doc(hidden)]
pub mod call; // the compiler names its functions in notes, by a path that is not private
#[cfg(feature = "cli")]
mod cli;
mod clock;
mod dispatch;
mod error;
pub mod extract;
mod habits;
pub mod health;
mod hex;
mod hooks;
mod limits;
mod link;
mod lock;
pub mod middleware;
mod problem;
mod random;
pub mod respond;
mod route;
mod seldom;
mod server;
mod service;
pub mod state;
pub mod testing;
mod upgrade;

#[doc(hidden)]
#[allow(missing_debug_implementations)] // no one prints what only generated code holds
pub mod private;
#[doc(hidden)]
pub use private as __private;

pub use bytes::Bytes;
/// The crate whose types stand in signatures here, such as [`http::request::Parts`] in [`App::render_errors`].
pub use http;
pub use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, header};

// The compiler names it where it is missing, by the path that is not hidden.
#[doc(hidden)]
pub use app::UseImplApplication;
pub use app::{Address, App, Application};
pub use body::{Body, BodyEnd, BodyError, Pieces, Reader};
/// The shared state of an application: `#[derive(AppState)] struct Services { users: UserStore, mailer: Arc<dyn Mailer> }`.
///
#[doc = include_str!("../docs/app-state.md")]
pub use cello_macros::AppState;
/// An error that is a response: `#[derive(Debug, HttpError)] enum UserError { #[status(404)] NotFound }`.
///
#[doc = include_str!("../docs/http-error.md")]
pub use cello_macros::HttpError;
/// A handler of every method that has none of its own there: `#[any("/echo")]`. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::any;
/// A blueprint that stands as a module in the code: `#[cello::blueprint("/health")] mod health { ... }`.
///
#[doc = include_str!("../docs/blueprint-attribute.md")]
///
#[doc = include_str!("../docs/blueprint.md")]
pub use cello_macros::blueprint;
/// A handler of `DELETE`. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::delete;
/// A handler of `GET`, and of `HEAD`: `#[get("/users/<id>?<page>")]`. What stands here holds for all methods.
///
#[doc = include_str!("../docs/route.md")]
pub use cello_macros::get;
/// A handler of `HEAD`, where that of `GET` is not to answer. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::head;
/// A handler of `OPTIONS`, where the `Allow` of the path is not the answer. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::options;
/// A handler of `PATCH`. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::patch;
/// A handler of `POST`. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::post;
/// A handler of `PUT`. Patterns and arguments stand with [`get`](macro@get).
///
pub use cello_macros::put;
/// A handler of several methods: `#[route("/cache/<key>", methods(DELETE, PURGE))]`. The rest stands with [`get`](macro@get).
///
pub use cello_macros::route;
// It says that `main` needs no attribute.
#[doc(hidden)]
pub use cello_macros::main;
#[cfg(feature = "cli")]
pub use cli::{Config, ConfigCommand};
pub use clock::{Clock, Time};
pub use dispatch::{FallbackService, TrailingSlash};
pub use error::{Error, Result};
pub use extract::{
    ClientAddr, Form, FromHeader, FromParam, FromPath, FromQuery, FromRequest, Header, Preconditions, Query,
    QueryValues, Readiness, RequestContext,
};
// It says how an application is served.
#[doc(hidden)]
pub use habits::serve;
pub use hooks::{Hook, HookOutcome};
pub use limits::Limits;
pub use link::Link;
// The compiler names it in its notes, by the path that is not hidden.
#[doc(hidden)]
pub use link::LinkValue;
pub use middleware::conditional_requests::{ETag, Validators};
pub use middleware::request_id::RequestId;
pub use middleware::{
    BodyLimit, Compression, ConcurrencyLimit, ConditionalRequests, Cors, Logging, Metrics, Middleware,
    MiddlewareWith, Next, Provided, RateLimit, RequestIds, SecurityHeaders, StateFn, Timeout, TrustedProxies,
};
pub use problem::{FieldError, Problem};
pub use respond::{Created, Html, IntoResponse, Json, NoContent, Redirect, ResponseHead, Streaming};
// The compiler names these in its notes, by the path that is not hidden.
#[doc(hidden)]
pub use route::row::{Mountable, NoRoute};
pub use route::{Description, ParamKind, ParamMeta, RouteConfig, RouteMeta, Routes};
#[cfg(feature = "tls")]
pub use server::Tls;
pub use server::{RouteTable, ServerConfig, Threading, route_table};
pub use service::AppService;
pub use state::{AppState, IntoState, Provide, State, StateList};
pub use upgrade::{Upgrade, Upgraded};

#[cfg(doc)]
#[doc = include_str!("../docs/errors.md")]
pub mod errors {}

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// A request: the http crate's, with Cello's [`Body`] unless another is named.
pub type Request<T = Body> = http::Request<T>;

/// A response: the http crate's, with Cello's [`Body`] unless another is named; `Response::builder()` makes one.
pub type Response<T = Body> = http::Response<T>;

/// Names what an application mounts: handlers and blueprints, of this crate and of others.
///
/// All their routes are frozen into one static table at compile time. Two handlers that would answer the same request
/// are a compile error that names both.
///
/// A handler or a blueprint is named by its path. A blueprint of another file that has a `parent` is named too: see
/// [`blueprint!`](crate::prelude::blueprint). An entry may have a `#[cfg]`.
///
/// ```
/// use cello::prelude::*;
///
/// mod users {
///     use cello::prelude::*;
///
///     blueprint!("/users", [list]);
///
///     #[get("/")]
///     async fn list() -> &'static str {
///         "ada and bob"
///     }
/// }
///
/// #[get("/")]
/// async fn index() -> &'static str {
///     "hello"
/// }
///
/// #[cfg(feature = "debug-routes")]
/// #[get("/debug")]
/// async fn debug() -> &'static str {
///     "many details"
/// }
///
/// # fn main() {
/// let app = App::new(routes![
///     index,
///     users,
///     cello::health,
///     #[cfg(feature = "debug-routes")]
///     debug,
/// ]);
/// assert_eq!(app.route_metas().len(), 5);
/// # }
/// ```
#[macro_export]
macro_rules! routes {
    ($($input:tt)*) => { $crate::__private::__routes! { $crate; $($input)* } };
}

/// It is `blueprint!` in the prelude. At the root of the crate that name is the attribute for inline modules; Rust has
/// one namespace for both.
#[doc(hidden)]
#[macro_export]
macro_rules! __blueprint_items {
    ($($input:tt)*) => { $crate::__private::__blueprint! { $crate; $($input)* } };
}

/// What a module of handlers uses: `use cello::prelude::*;`
pub mod prelude {
    /// A file module that is a blueprint: `blueprint!("/api/v1/users", [list_users, get_user]);` stands in it.
    ///
    #[doc = include_str!("../docs/blueprint-macro.md")]
    ///
    #[doc = include_str!("../docs/blueprint.md")]
    #[doc(inline)]
    pub use crate::__blueprint_items as blueprint;
    pub use crate::middleware::{Handle, Handles};
    pub use crate::{
        App, AppState, Application, Body, BodyLimit, Bytes, ClientAddr, Compression, ConcurrencyLimit,
        ConditionalRequests, Cors, Created, ETag, Extensions, Form, FromHeader, FromParam, FromQuery,
        FromRequest, Header, HeaderMap, HeaderName, HeaderValue, Html, HttpError, IntoResponse, Json, Limits,
        Logging, Method, Metrics, Middleware, MiddlewareWith, Next, NoContent, Preconditions, Problem,
        Provided, Query, RateLimit, Redirect, Request, RequestContext, RequestId, RequestIds, Response,
        SecurityHeaders, State, StateFn, StatusCode, Streaming, Timeout, TrustedProxies, Uri, Validators,
        any, delete, get, head, header, options, patch, post, put, route, routes,
    };
}
