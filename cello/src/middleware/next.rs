//! What comes after a middleware: [`Next`], and the trait behind it.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::pin::Pin;

use http::request;

use super::Surroundings;
use super::request_id::RequestId;
use super::scope::Scopes;
use super::sent::{Observed, Sent};
use super::values::{Value, Values};
use crate::clock::Clock;
use crate::dispatch::Call;
use crate::extract::Scheme;
use crate::route::RouteMeta;
use crate::{Body, Request, Response};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The rest of the stack, with the handler at its end. Implemented by the library only; write `impl Handle` where
/// a [`Middleware`](super::Middleware) names it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the rest of a stack",
    label = "expected what a middleware is given as `next`",
    note = "help: hand on the `next` that `Middleware::handle` is given; to test a middleware give it to `App::with` and use a `TestClient`"
)]
pub trait Handle: Send + Sync {
    /// Whether a middleware here may wait; otherwise [`enter`](Self::enter) is all that they do.
    #[doc(hidden)]
    const WAITS: bool = true;

    #[doc(hidden)]
    fn handle<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a;

    /// The same for a whole stack, some of which waits. A type of its own, so that where nothing waits there is no room for it.
    #[doc(hidden)]
    fn whole<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        self.handle(request, passing)
    }

    /// All middleware of a stack in which none waits, down to its inner end; see [`Middleware::enter`](super::Middleware::enter).
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

    /// Whether the handler has taken longer than a middleware here allows; see [`Middleware::is_over`](super::Middleware::is_over).
    #[doc(hidden)]
    fn is_over(&self, _passing: Passing<'_>) -> bool {
        false
    }

    /// Asks each that stands here whether it can work there; see [`Middleware::check_within`](super::Middleware::check_within).
    #[doc(hidden)]
    fn check_within(&self, _around: &mut Surroundings) -> crate::Result<()> {
        Ok(())
    }

    /// Calls [`Middleware::start`](super::Middleware::start) of all that stands here.
    #[doc(hidden)]
    fn start(&self) {}
}

/// What passes down the stack with a request: few words, which each middleware hands on.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Passing<'a> {
    pub(crate) call: &'a Call<'a>,
    /// The stacks of blueprints and route that are still to come.
    pub(crate) scopes: Option<&'a Scopes>,
    /// What is handed to the handler.
    pub(crate) provided: Values<'a>,
}

impl<'a> Passing<'a> {
    #[inline]
    pub(crate) fn new(call: &'a Call<'a>) -> Self {
        Self { call, scopes: None, provided: Values::default() }
    }
}

/// What comes after a middleware: run it with [`run`](Self::run), once or not at all. It cannot be copied.
///
/// `Next<'_>`, without a second parameter, is the erased form that a middleware function takes. The third parameter is
/// the type of the value that is owed to the handler, see [`MiddlewareWith`](super::MiddlewareWith); as a rule there is none.
pub struct Next<'a, H = Erased<'a>, P = ()> {
    pub(crate) handle: &'a H,
    pub(crate) passing: Passing<'a>,
    owed: PhantomData<fn(P)>,
}

impl<'a, H> Next<'a, H> {
    #[inline]
    pub(crate) fn new(handle: &'a H, passing: Passing<'a>) -> Self {
        Self { handle, passing, owed: PhantomData }
    }
}

impl<'a, H: Handle> Next<'a, H> {
    /// Hands the request on, and gives the response.
    #[inline]
    pub fn run(self, request: Request) -> impl Future<Output = Response> + Send + use<'a, H> {
        self.handle.handle(request, self.passing)
    }

    /// The same for a whole stack, see [`Handle::whole`].
    #[inline]
    pub(super) fn run_whole(self, request: Request) -> impl Future<Output = Response> + Send + use<'a, H> {
        self.handle.whole(request, self.passing)
    }
}

impl<'a, H: Handle, P: Send + Sync + 'static> Next<'a, H, P> {
    /// Hands the request on with a value for whoever is further in, and gives the response: handlers take it as
    /// [`Provided<P>`](super::Provided), other extractors and middleware as [`FromMiddleware<P>`](super::FromMiddleware).
    ///
    /// The value stays with the middleware, which lends it: nothing is allocated.
    pub async fn run_with(self, request: Request, value: &P) -> Response {
        let Self { handle, passing, owed: _ } = self;
        let value = Value::before(passing.provided, value);
        handle.handle(request, Passing { provided: Values::of(&value), ..passing }).await
    }
}

impl<'a, H, P> Next<'a, H, P> {
    /// The same, which a value of this type is owed to.
    pub(super) fn owing<Q>(self) -> Next<'a, H, Q> {
        Next { handle: self.handle, passing: self.passing, owed: PhantomData }
    }

    /// The route that was found, if any: its pattern, its handler, its blueprint.
    pub fn route(&self) -> Option<&'static RouteMeta> {
        self.passing.call.route()
    }

    /// The address of the other end of the connection, where there is one.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.passing.call.peer()
    }

    /// The address of the client: as a trusted proxy says (see [`TrustedProxies`](crate::TrustedProxies)), else the other end
    /// of the connection, where there is one.
    pub fn client_addr(&self) -> Option<SocketAddr> {
        self.passing.call.client()
    }

    /// How the client's request came: as a trusted proxy says, else as the connection is.
    pub fn scheme(&self) -> Scheme {
        Scheme::of(self.passing.call)
    }

    /// The id of the request, which is made now if it has none.
    pub fn request_id(&self) -> &'a RequestId {
        self.passing.call.facts.request_id()
    }

    /// The part of the shared state that has this type, if there is one. [`MiddlewareWith`](super::MiddlewareWith) has
    /// the compiler see to it that there is.
    pub fn state<T: 'static>(&self) -> Option<&'a T> {
        crate::state::find(self.passing.call.state())
    }

    /// The value of this type that a middleware outside this one hands on, if one does.
    pub fn provided<T: 'static>(&self) -> Option<&'a T> {
        self.passing.provided.find()
    }

    /// The application's clock.
    pub fn clock(&self) -> &'a Clock {
        &self.passing.call.shared.settings.clock
    }

    /// Calls `hook` once, when the response has been sent: when the last byte of its body has been handed over to the
    /// connection, when the body has failed, or when the client went away, be it before there was a response.
    ///
    /// The hook is called on the task of the connection, so it must not block. One that panics is logged, and harms nothing
    /// else. It costs two small allocations.
    ///
    /// ```
    /// use cello::prelude::*;
    ///
    /// async fn timed(request: Request, next: Next<'_>) -> Response {
    ///     let route = next.route().map_or("-", |route| route.pattern());
    ///     let told = move |sent: &cello::middleware::Sent| {
    ///         println!("{route}: {:?}, {} bytes in {:?}", sent.status, sent.bytes, sent.duration);
    ///     };
    ///     next.on_sent(told).run(request).await
    /// }
    /// ```
    #[must_use = "it runs nothing by itself: call `run`"]
    pub fn on_sent<F>(self, hook: F) -> Observed<'a, H, P, F>
    where
        F: FnOnce(&Sent) + Send + Sync + 'static,
    {
        Observed::new(self, hook)
    }
}

impl<H, P> fmt::Debug for Next<'_, H, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("route", &self.route()).finish_non_exhaustive()
    }
}

/// The rest of the stack behind a pointer: one dynamic call and one boxed future.
pub struct Erased<'a>(pub(crate) &'a dyn DynHandle);

impl Handle for Erased<'_> {
    fn handle<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        self.0.handle(request, passing)
    }
}

impl fmt::Debug for Erased<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Erased")
    }
}

/// [`Handle`] for trait objects.
pub(crate) trait DynHandle: Send + Sync {
    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response>;
}

impl<H: Handle> DynHandle for H {
    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response> {
        Box::pin(Handle::handle(self, request, passing))
    }
}
