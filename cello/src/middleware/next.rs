//! What comes after a middleware: [`Next`], and the trait behind it.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

use super::Middleware;
use super::request_id::RequestId;
use crate::clock::Clock;
use crate::dispatch::Call;
use crate::extract::Scheme;
use crate::route::RouteMeta;
use crate::{Request, Response};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The rest of the stack, with the handler at its end. Implemented by the library only; write `impl Handle` where
/// a [`Middleware`](super::Middleware) names it.
pub trait Handle: Send + Sync {
    /// Whether this is the inner end of the stack: no middleware changes the request, or panics.
    #[doc(hidden)]
    const IS_ENDPOINT: bool = false;

    #[doc(hidden)]
    fn handle<'a>(
        &'a self,
        request: Request,
        call: &'a Call<'a>,
    ) -> impl Future<Output = Response> + Send + 'a;
}

/// What comes after a middleware: run it with [`run`](Self::run), once or not at all. It cannot be copied.
///
/// `Next<'_>`, without a second parameter, is the erased form that a middleware function takes.
pub struct Next<'a, H = Erased<'a>> {
    pub(crate) handle: &'a H,
    pub(crate) call: &'a Call<'a>,
}

impl<'a, H: Handle> Next<'a, H> {
    /// Hands the request on, and gives the response.
    pub fn run(self, request: Request) -> impl Future<Output = Response> + Send + use<'a, H> {
        self.handle.handle(request, self.call)
    }
}

impl<'a, H> Next<'a, H> {
    /// The route that was found, if any.
    pub fn route(&self) -> Option<&'static RouteMeta> {
        self.call.route()
    }

    /// The address of the other end of the connection, where there is one.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.call.peer()
    }

    /// The address of the client: as a trusted proxy says (see [`TrustedProxies`](crate::TrustedProxies)), else the other end
    /// of the connection, where there is one.
    pub fn client_addr(&self) -> Option<SocketAddr> {
        self.call.client()
    }

    /// How the client's request came: as a trusted proxy says, else as the connection is.
    pub fn scheme(&self) -> Scheme {
        Scheme::of(self.call)
    }

    /// The id of the request, which is made now if it has none.
    pub fn request_id(&self) -> &'a RequestId {
        self.call.facts.request_id()
    }

    /// The part of the shared state that has this type, if there is one.
    pub fn state<T: 'static>(&self) -> Option<&'a T> {
        crate::state::find(self.call.state())
    }

    /// The application's clock.
    pub fn clock(&self) -> &'a Clock {
        &self.call.shared.settings.clock
    }
}

impl<H> fmt::Debug for Next<'_, H> {
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
        call: &'a Call<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        self.0.handle(request, call)
    }
}

impl fmt::Debug for Erased<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Erased")
    }
}

/// [`Handle`] for trait objects.
pub(crate) trait DynHandle: Send + Sync {
    fn handle<'a>(&'a self, request: Request, call: &'a Call<'a>) -> BoxFuture<'a, Response>;
}

impl<H: Handle> DynHandle for H {
    fn handle<'a>(&'a self, request: Request, call: &'a Call<'a>) -> BoxFuture<'a, Response> {
        Box::pin(Handle::handle(self, request, call))
    }
}

/// [`Middleware`] for trait objects: the middleware of a blueprint or a route.
pub(crate) trait DynMiddleware: Send + Sync {
    fn handle<'a>(&'a self, request: Request, next: Next<'a, Erased<'a>>) -> BoxFuture<'a, Response>;
    fn check(&self) -> crate::Result<()>;
    fn start(&self);
}

impl<M: Middleware> DynMiddleware for M {
    fn handle<'a>(&'a self, request: Request, next: Next<'a, Erased<'a>>) -> BoxFuture<'a, Response> {
        Box::pin(Middleware::handle(self, request, next))
    }

    fn check(&self) -> crate::Result<()> {
        Middleware::check(self)
    }

    fn start(&self) {
        Middleware::start(self);
    }
}
