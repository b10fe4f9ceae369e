//! Middleware: what stands around the handlers.
//!
//! A [`Middleware`] gets the request and what comes [`Next`], and gives the response. The stack of an application is one
//! type, composed at compile time: `App::new(..).with(A).with(B)` runs `A`, then `B`, then the handler, and the
//! response passes back through `B` and `A`. A built-in member adds no box and no dynamic call; an empty stack is not there.
//!
//! ```
//! use cello::prelude::*;
//! use cello::middleware::{Handle, Middleware, Next};
//!
//! /// Names the program in every response.
//! struct ServerName(HeaderValue);
//!
//! impl Middleware for ServerName {
//!     async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
//!         let mut response = next.run(request).await;
//!         response.headers_mut().insert("server", self.0.clone());
//!         response
//!     }
//! }
//!
//! // The same with a function; it boxes what follows, once.
//! async fn server_name(request: Request, next: Next<'_>) -> Response {
//!     let mut response = next.run(request).await;
//!     response.headers_mut().insert("server", HeaderValue::from_static("cello"));
//!     response
//! }
//! ```
//!
//! The library's own members, with their defaults and costs, stand in one table: [`members`].
//!
//! # What each scope sees
//!
//! | a request that | the application's middleware | that of blueprints and route |
//! |---|---|---|
//! | has a route, whatever it answers: guards, bad parameters, panics included | sees it | sees it |
//! | is a CORS preflight for a method that the path has | sees it | sees it |
//! | has none: 404, 405, 501, a malformed path, another `OPTIONS`, a redirect of slashes, the fallback service | sees it | does not |
//!
//! No blueprint has a request that has no route: it may lie below the prefixes of several.
//!
//! A middleware of the application may change method and path; the request is then routed anew behind the last of them,
//! while [`Next::route`] names the route of the request as it came. In the middleware of a blueprint or a route that
//! decision has been made: handler and path parameters stay, and only what the handler reads of the request changes.
//!
//! # Decide by the route, not by the text of the path
//!
//! The path in a request is as the client wrote it, and one route has many spellings: `/%61dmin` and `/admin/` reach the handler of
//! `/admin`, but a middleware that asks `request.uri().path().starts_with("/admin")` or compares with `==` lets them
//! pass. Ask [`next.route()`](Next::route), whose [`pattern`](crate::RouteMeta::pattern) is as it was declared, or better: put a guard
//! or the middleware on the blueprint, which nothing reaches around.
//!
//! A panic in a handler or a middleware is a 500 to the middleware outside it.

mod after;
pub mod body_limit;
pub mod compression;
pub mod concurrency_limit;
pub mod conditional_requests;
pub mod cors;
mod fields;
mod function;
pub mod logging;
mod surroundings;
#[cfg(any(doc, doctest))]
#[doc = include_str!("../../docs/middleware-members.md")]
pub mod members {}
pub mod metrics;
mod next;
#[doc(hidden)]
pub mod proof;
pub mod rate_limit;
pub mod request_id;
mod scope;
pub mod security_headers;
mod sent;
mod stack;
mod state_fn;
pub mod timeout;
#[cfg(feature = "tower")]
pub mod tower;
pub mod trusted_proxies;
mod values;
pub(crate) mod vary;
mod with;

use std::future::Future;
use std::ops::ControlFlow;

use http::request;

pub use body_limit::BodyLimit;
pub use compression::Compression;
pub use concurrency_limit::ConcurrencyLimit;
pub use conditional_requests::ConditionalRequests;
pub use cors::Cors;
pub use function::MiddlewareFn;
pub use logging::Logging;
pub use metrics::Metrics;
pub(crate) use next::BoxFuture;
#[doc(hidden)]
pub use next::Passing;
pub use next::{Erased, Handle, Next};
pub use rate_limit::{RateLimit, RateLimitBy};
pub use request_id::RequestIds;
pub(crate) use scope::{DynStack, Leave, Passed, Scopes};
#[doc(hidden)]
pub use surroundings::Surroundings;
// They say that functions are middleware as they are.
#[doc(hidden)]
pub use crate::habits::{from_fn, from_fn_with_state};
// The compiler names these in its notes, by the path that is not hidden.
pub use crate::state::Handles;
#[doc(hidden)]
pub use proof::{
    Enter, Facts, FactsFor, Member, MembersNeed, Named, NoValue, Of, Proven, ProvidedFor, StackNeeds,
    Through, Within,
};
#[doc(hidden)]
pub use scope::{Scope, ScopedStack};
pub use security_headers::SecurityHeaders;
pub use sent::{Observed, Sent};
#[doc(hidden)]
pub use stack::IsMiddleware;
pub use stack::{Chain, Identity, Layers, Stack};
#[doc(hidden)]
pub use state_fn::MiddlewareStateFn;
pub use state_fn::StateFn;
pub use timeout::Timeout;
#[cfg(feature = "tower")]
pub use tower::Tower;
pub use trusted_proxies::TrustedProxies;
pub(crate) use values::Values;
pub use values::{FromMiddleware, Provided};
#[doc(hidden)]
pub use with::InContext;
pub use with::MiddlewareWith;

use crate::dispatch::isolate;
use crate::{Body, Request, Response};

/// Code that runs around handlers: it sees each request before, and each response after them.
///
/// Implement it on a type of your own, or write an `async fn(Request, Next<'_>) -> impl IntoResponse`.
/// Attach it with [`App::with`](crate::App::with), or with `with(...)` in the attribute of a blueprint or a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "expected a middleware here",
    note = "help: implement `cello::middleware::Middleware` for it, or give an `async fn(Request, Next<'_>) -> Response`"
)]
pub trait Middleware: Send + Sync + 'static {
    /// Answers `request`, as a rule by changing it, handing it to [`next.run`](Next::run) and changing the response.
    fn handle<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a;

    /// Its name for people, as the table of routes shows it: that of its type or function, without the module and without
    /// type arguments.
    fn name(&self) -> String {
        named::<Self>()
    }

    /// The same for the stack: `handle` is called at the first poll, so that what it panics with by itself ends here too. The
    /// members of the library, which see to that themselves, are called at once.
    #[doc(hidden)]
    fn in_stack<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        isolate::lazy(move || self.handle(request, next))
    }

    /// [`in_stack`](Self::in_stack) for a whole stack, see [`Handle::whole`].
    #[doc(hidden)]
    #[inline]
    fn whole<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        self.in_stack(request, next)
    }

    /// Whether it may wait for something. A member that never does says all that it does in [`enter`](Self::enter), and where no member
    /// of a stack waits, there are no futures for them.
    #[doc(hidden)]
    const WAITS: bool = true;

    /// Whether it calls functions of the application's, which may panic, for nearly every request or response. A member that does so for few
    /// keeps their panics in itself.
    #[doc(hidden)]
    const CALLS_OUT: bool = false;

    /// Whether it is a function that gives `()`, and so drops every response.
    #[doc(hidden)]
    const GIVES_NOTHING: bool = false;

    /// What a member that never waits does to a request. It gives what is to be done to the response, or the response itself in place
    /// of all that stands further in. Not for a preflight, which may have to be asked about further in.
    ///
    /// What is done to the response is told the member and the request again, so that it need not hold them: it is copied with each
    /// member further out.
    #[doc(hidden)]
    #[inline]
    fn enter<'a>(
        &'a self,
        _head: &mut request::Parts,
        _body: &mut Body,
        _passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, Self>> {
        ControlFlow::Continue(|_: &Self, _: Passing<'a>, _: &mut Response| {})
    }

    /// Whether the handler has taken longer than this member allows, so that those further in have no response; see [`Timeout`].
    #[doc(hidden)]
    #[inline]
    fn is_over(&self, _passing: Passing<'_>) -> bool {
        false
    }

    /// Checks the configuration once, before the application starts.
    ///
    /// # Errors
    /// A sentence for the person who configured it. The application does not start then.
    fn check(&self) -> crate::Result<()> {
        Ok(())
    }

    /// The same where it stands: whether it can work within what stands around it.
    #[doc(hidden)]
    fn check_within(&self, _around: &mut Surroundings) -> crate::Result<()> {
        Ok(())
    }

    /// What is told of one that a setting has turned off.
    #[doc(hidden)]
    fn is_off_within(_around: &mut Surroundings)
    where
        Self: Sized,
    {
    }

    /// Called once when the application starts to serve, before its state is built where it is the application's own
    /// middleware. A [test client](crate::testing::TestClient) does not call it.
    ///
    /// It is for what concerns the whole program, such as where its log goes: when a stack is only being put together,
    /// it is too early to decide that.
    fn start(&self) {}
}

/// A middleware that a setting can turn off: `None` does nothing.
impl<M: Middleware> Middleware for Option<M> {
    const WAITS: bool = M::WAITS;
    const CALLS_OUT: bool = M::CALLS_OUT;
    const GIVES_NOTHING: bool = M::GIVES_NOTHING;

    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        match self {
            Some(middleware) => middleware.handle(request, next).await,
            None => next.run(request).await,
        }
    }

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, M>> {
        let leave = match self {
            Some(middleware) => Some(middleware.enter(head, body, passing)?),
            None => None,
        };
        ControlFlow::Continue(move |this: &'a Self, passing: Passing<'a>, response: &mut Response| {
            if let (Some(middleware), Some(leave)) = (this, leave) {
                leave(middleware, passing, response);
            }
        })
    }

    #[inline]
    fn is_over(&self, passing: Passing<'_>) -> bool {
        self.as_ref().is_some_and(|middleware| middleware.is_over(passing))
    }

    /// That of the middleware; empty if it is turned off.
    fn name(&self) -> String {
        self.as_ref().map_or_else(String::new, Middleware::name)
    }

    fn check(&self) -> crate::Result<()> {
        self.as_ref().map_or(Ok(()), Middleware::check)
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        if let Some(middleware) = self {
            return middleware.check_within(around);
        }
        M::is_off_within(around);
        Ok(())
    }

    fn start(&self) {
        if let Some(middleware) = self {
            middleware.start();
        }
    }
}

/// One instance shared by several places.
impl<M: Middleware> Middleware for std::sync::Arc<M> {
    const WAITS: bool = M::WAITS;
    const CALLS_OUT: bool = M::CALLS_OUT;
    const GIVES_NOTHING: bool = M::GIVES_NOTHING;

    fn handle<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        M::handle(self, request, next)
    }

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, M>> {
        let leave = M::enter(self, head, body, passing)?;
        ControlFlow::Continue(move |this: &'a Self, passing: Passing<'a>, response: &mut Response| {
            leave(this, passing, response);
        })
    }

    #[inline]
    fn is_over(&self, passing: Passing<'_>) -> bool {
        M::is_over(self, passing)
    }

    fn name(&self) -> String {
        M::name(self)
    }

    fn check(&self) -> crate::Result<()> {
        M::check(self)
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        M::check_within(self, around)
    }

    fn is_off_within(around: &mut Surroundings) {
        M::is_off_within(around);
    }

    fn start(&self) {
        M::start(self);
    }
}

/// The name of a type or a function: `Cors` of `cello::middleware::cors::Cors<AnyOrigin>`.
fn named<M: ?Sized>() -> String {
    let path = std::any::type_name::<M>();
    let path = path.split('<').next().unwrap_or(path);
    // A closure has no name but that of the function it stands in.
    let path = path.strip_suffix("::{{closure}}").unwrap_or(path);
    path.rsplit("::").next().unwrap_or(path).to_owned()
}
