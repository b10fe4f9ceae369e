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
pub mod middleware;
mod problem;
mod random;
pub mod respond;
mod route;
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
pub use cello_macros::{
    AppState, HttpError, any, blueprint, delete, get, head, options, patch, post, put, route,
};
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
#[macro_export]
macro_rules! routes {
    ($($input:tt)*) => { $crate::__private::__routes! { $crate; $($input)* } };
}

/// Makes the file module it stands in a blueprint: `blueprint!("/api/v1/users", [list_users, get_user]);`
///
/// It is `blueprint!` in the prelude. At the root of the crate that name is the attribute for inline modules; Rust has
/// one namespace for both.
#[doc(hidden)]
#[macro_export]
macro_rules! __blueprint_items {
    ($($input:tt)*) => { $crate::__private::__blueprint! { $crate; $($input)* } };
}

/// What a module of handlers uses: `use cello::prelude::*;`
pub mod prelude {
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
