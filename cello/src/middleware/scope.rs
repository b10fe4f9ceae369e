//! The stacks of blueprints and routes: each is one type behind one pointer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::next::BoxFuture;
use super::proof::{Facts, Named};
use super::{Chain, Handle, Identity, IsMiddleware, Layers, Middleware, Passing};
use crate::dispatch::{Call, Onward, isolate};
use crate::{Request, Response};

/// Collects the middleware of one `with(...)`, outermost first, into one type.
#[doc(hidden)]
#[derive(Debug)]
pub struct Scope<L = Identity> {
    layers: L,
    fault: Option<crate::Error>,
}

impl Scope {
    /// Of none.
    #[allow(clippy::new_without_default)] // generated code calls it, nobody else
    pub fn new() -> Self {
        Self { layers: Identity, fault: None }
    }
}

impl<L: Layers> Scope<L> {
    /// Adds a middleware inside those that are there. `T` is the type that stands in the attribute, if any does.
    pub fn with<T, M, F, W>(self, middleware: W) -> Scope<Chain<L, M, F>>
    where
        M: Middleware,
        F: Facts + Named<T>,
        W: IsMiddleware<M, F>,
    {
        let middleware = middleware.itself();
        let fault = self.fault.or_else(|| middleware.check().err());
        Scope { layers: Chain::new(self.layers, middleware), fault }
    }

    /// The stack.
    pub fn made(self) -> ScopedStack {
        let Self { layers, fault } = self;
        let mut names = Vec::new();
        layers.names(&mut names);
        let stack = fault.map_or_else(|| Ok(Arc::new(layers.around(Onward)) as Arc<dyn DynStack>), Err);
        ScopedStack { names, stack }
    }
}

/// The stack of one `with(...)`.
#[doc(hidden)]
pub struct ScopedStack {
    /// The names of its members, outermost first.
    pub(crate) names: Vec<String>,
    /// The stack, or why there is none.
    pub(crate) stack: crate::Result<Arc<dyn DynStack>>,
}

impl fmt::Debug for ScopedStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ScopedStack").field(&self.names).finish()
    }
}

/// [`Handle`] for trait objects, panics kept in.
pub(crate) trait DynStack: Send + Sync {
    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response>;
    fn start(&self);
}

impl<H: Handle> DynStack for H {
    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response> {
        let future = isolate::catch(Handle::handle(self, request, passing));
        Box::pin(Scoped { future, call: passing.call })
    }

    fn start(&self) {
        Handle::start(self);
    }
}

pin_project! {
    /// A stack at work. What panics when it is dropped ends here.
    struct Scoped<'a, F> {
        #[pin]
        future: F,
        call: &'a Call<'a>,
    }
}

impl<F: Future<Output = Result<Response, isolate::Panic>>> Future for Scoped<'_, F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        Poll::Ready(match ready!(this.future.poll(cx)) {
            Ok(response) => response,
            Err(panic) => this.call.answer_to(&panic),
        })
    }
}

/// The stacks that a route passes: those of its blueprints, outermost first, then its own.
pub(crate) struct Scopes {
    outermost: Arc<dyn DynStack>,
    /// Whether no attribute, from that of the outermost's owner on, states a limit for bodies.
    is_near: bool,
    inner: Option<Box<Self>>,
}

impl Scopes {
    /// `None` if there are none. Each comes with whether the attributes from its own on state no limit for bodies.
    pub(crate) fn of(stacks: Vec<(Arc<dyn DynStack>, bool)>) -> Option<Self> {
        let inside_out = stacks.into_iter().rev();
        inside_out.fold(None, |inner, (outermost, is_near)| {
            Some(Self { outermost, is_near, inner: inner.map(Box::new) })
        })
    }

    /// Through all of them, to the handler.
    pub(crate) fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response> {
        if self.is_near {
            passing.call.facts.come_near();
        }
        self.outermost.handle(request, Passing { scopes: self.inner.as_deref(), ..passing })
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = std::iter::successors(Some(self), |scopes| scopes.inner.as_deref()).count();
        write!(f, "Scopes({count})")
    }
}
