//! Composition: a stack of middleware as one type.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Handle, Logging, Middleware, Next};
use crate::dispatch::{Call, isolate, panicked};
use crate::state::Nothing;
use crate::{Request, Response};

/// One middleware around the rest of the stack.
#[derive(Debug)]
pub struct Stack<M, H> {
    middleware: M,
    inner: H,
}

impl<M: Middleware, H: Handle> Handle for Stack<M, H> {
    fn handle<'a>(
        &'a self,
        request: Request,
        call: &'a Call<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let next = Next { handle: &self.inner, call };
        Layer { future: self.middleware.handle(request, next), call }
    }
}

pin_project! {
    /// One middleware at work. It is a type of its own because a future costs what it copies: an `async fn` would hold
    /// request and inner future twice.
    struct Layer<'a, F> {
        #[pin]
        future: F,
        call: &'a Call<'a>,
    }
}

impl<F: Future<Output = Response>> Future for Layer<'_, F> {
    type Output = Response;

    /// A panic ends here, so that the middleware outside it sees the 500; and a problem is rendered here, so that it
    /// sees what is sent.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        match isolate::catch_now(|| this.future.poll(cx)) {
            Ok(Poll::Ready(response)) if this.call.renders() => Poll::Ready(this.call.rendered(response)),
            Ok(polled) => polled,
            Err(panic) => {
                Poll::Ready(this.call.rendered(panicked(&panic, this.call.route(), "a middleware")))
            }
        }
    }
}

/// A list of middleware, outermost first, that can be wrapped around the end of a stack.
pub trait Layers: Sized + Send + Sync + 'static {
    /// The stack that results.
    #[doc(hidden)]
    type Around<H: Handle + 'static>: Handle + 'static;

    #[doc(hidden)]
    fn around<H: Handle + 'static>(self, inner: H) -> Self::Around<H>;

    #[doc(hidden)]
    fn start(&self);
}

/// Every middleware is a middleware, `M` itself: what [`App::with`](crate::App::with) accepts.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "expected a middleware here",
    note = "help: implement `cello::middleware::Middleware` for it, or give an `async fn(Request, Next<'_>) -> Response`"
)]
pub trait IsMiddleware<M> {
    fn itself(self) -> M;
}

#[diagnostic::do_not_recommend]
impl<M: Middleware> IsMiddleware<M> for M {
    fn itself(self) -> M {
        self
    }
}

/// What rustc makes of an expression with an error is a middleware that does nothing: one error, and not one for each use.
#[diagnostic::do_not_recommend]
impl<M: Nothing> IsMiddleware<Option<Logging>> for M {
    fn itself(self) -> Option<Logging> {
        None
    }
}

/// The empty list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Identity;

impl Layers for Identity {
    type Around<H: Handle + 'static> = H;

    fn around<H: Handle + 'static>(self, inner: H) -> H {
        inner
    }

    fn start(&self) {}
}

/// A list with one more middleware inside it.
#[derive(Debug, Clone, Copy)]
pub struct Chain<L, M>(pub(crate) L, pub(crate) M);

impl<L: Layers, M: Middleware> Layers for Chain<L, M> {
    type Around<H: Handle + 'static> = L::Around<Stack<M, H>>;

    fn around<H: Handle + 'static>(self, inner: H) -> Self::Around<H> {
        self.0.around(Stack { middleware: self.1, inner })
    }

    fn start(&self) {
        self.0.start();
        self.1.start();
    }
}
