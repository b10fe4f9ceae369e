//! Composition: a stack of middleware as one type.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::request;
use pin_project_lite::pin_project;

use super::proof::{Facts, Of};
use super::{Handle, InContext, Logging, Middleware, MiddlewareWith, Next, Passing, Surroundings};
use crate::dispatch::{Call, isolate};
use crate::state::Nothing;
use crate::{Body, Request, Response};

/// One middleware around the rest of the stack.
#[derive(Debug)]
pub struct Stack<M, H> {
    middleware: M,
    inner: H,
}

impl<M: Middleware, H: Handle> Handle for Stack<M, H> {
    const WAITS: bool = M::WAITS || H::WAITS;

    #[inline]
    fn handle<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let next = Next::new(&self.inner, passing);
        Layer { future: self.middleware.in_stack(request, next), call: passing.call }
    }

    #[inline]
    fn whole<'a>(
        &'a self,
        request: Request,
        passing: Passing<'a>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let next = Next::new(&self.inner, passing);
        Layer { future: self.middleware.whole(request, next), call: passing.call }
    }

    /// Panics of the application's functions end here, as in [`Layer`]. So does a response in place of those further in, which is rendered
    /// here; a member that makes another of a response renders it itself.
    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, M, H>> {
        let call = passing.call;
        let entered = if M::CALLS_OUT {
            isolate::catch_now(|| self.middleware.enter(head, body, passing))
                .unwrap_or_else(|panic| ControlFlow::Break(call.answer_to(&panic)))
        } else {
            self.middleware.enter(head, body, passing)
        };
        let leave = match entered {
            ControlFlow::Continue(leave) => leave,
            ControlFlow::Break(mut response) => {
                call.render(&mut response);
                return ControlFlow::Break(response);
            }
        };
        let leave = move |middleware: &'a M, passing: Passing<'a>, response: &mut Response| {
            if !M::CALLS_OUT {
                leave(middleware, passing, response);
            } else if let Err(panic) = isolate::catch_now(|| leave(middleware, passing, response)) {
                *response = passing.call.answer_to(&panic);
            }
        };
        match self.inner.enter(head, body, passing) {
            ControlFlow::Continue(inner) => {
                ControlFlow::Continue(move |this: &'a Self, passing: Passing<'a>, response: &mut Response| {
                    if !this.middleware.is_over(passing) {
                        inner(&this.inner, passing, response);
                    }
                    leave(&this.middleware, passing, response);
                })
            }
            ControlFlow::Break(mut response) => {
                leave(&self.middleware, passing, &mut response);
                ControlFlow::Break(response)
            }
        }
    }

    fn is_over(&self, passing: Passing<'_>) -> bool {
        self.middleware.is_over(passing) || self.inner.is_over(passing)
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        self.middleware.check_within(around)?;
        self.inner.check_within(around)
    }

    fn start(&self) {
        self.middleware.start();
        self.inner.start();
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
        // Written from within, and changed in place, since a response is copied wherever it goes.
        let mut polled = Poll::Pending;
        if let Err(panic) = isolate::catch_now(|| polled = this.future.poll(cx)) {
            polled = Poll::Ready(this.call.answer_to(&panic));
        } else if let Poll::Ready(response) = &mut polled {
            this.call.settle(response);
        }
        polled
    }
}

/// A list of middleware, outermost first, that can be wrapped around the end of a stack.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of middleware",
    label = "not the middleware of an application",
    note = "help: leave the type of an application open, `impl Application`, and add middleware with `.with(...)`"
)]
pub trait Layers: Sized + Send + Sync + 'static {
    /// The stack that results.
    #[doc(hidden)]
    type Around<H: Handle + 'static>: Handle + 'static;

    #[doc(hidden)]
    fn around<H: Handle + 'static>(self, inner: H) -> Self::Around<H>;

    /// Adds the names of its members, outermost first.
    #[doc(hidden)]
    fn names(&self, names: &mut Vec<String>);
}

/// Every middleware is a middleware, `M`: what [`App::with`](crate::App::with) accepts. `F` is what the compiler knows of it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware",
    label = "expected a middleware here",
    note = "help: implement `cello::middleware::Middleware` for it, or give an `async fn(Request, Next<'_>) -> Response`, which may take parts of the state after these: `&AuditLog`"
)]
pub trait IsMiddleware<M, F> {
    /// See [`Middleware::GIVES_NOTHING`].
    const GIVES_NOTHING: bool = false;

    fn itself(self) -> M;
}

#[diagnostic::do_not_recommend]
impl<M: Middleware> IsMiddleware<M, ()> for M {
    const GIVES_NOTHING: bool = M::GIVES_NOTHING;

    fn itself(self) -> M {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<M: MiddlewareWith> IsMiddleware<InContext<M>, Of<M>> for M {
    fn itself(self) -> InContext<M> {
        InContext(self)
    }
}

/// What rustc makes of an expression with an error is a middleware that does nothing: one error, and not one for each use.
#[diagnostic::do_not_recommend]
impl<M: Nothing> IsMiddleware<Option<Logging>, ()> for M {
    fn itself(self) -> Option<Logging> {
        None
    }
}

/// So is a function that is wrong in itself, `next: Next` without `<'_>`: what was said of it is not said again where it is given.
#[doc(hidden)]
#[allow(missing_debug_implementations)] // there is none
pub struct Refused<A>(PhantomData<fn() -> A>);

impl<A: 'static> Middleware for Refused<A> {
    fn handle<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        next.run(request)
    }
}

/// Its parameters have an error of rustc's in them, which is `Nothing` too.
impl<H, P: Nothing> Nothing for Next<'_, H, P> {}

#[diagnostic::do_not_recommend]
impl<F, N: Nothing + 'static, R> IsMiddleware<Refused<(N,)>, ()> for F
where
    F: Fn(Request, N) -> R,
{
    fn itself(self) -> Refused<(N,)> {
        Refused(PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<F, N: Nothing + 'static, A: 'static, R> IsMiddleware<Refused<(N, A)>, ()> for F
where
    F: Fn(Request, N, A) -> R,
{
    fn itself(self) -> Refused<(N, A)> {
        Refused(PhantomData)
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

    fn names(&self, _: &mut Vec<String>) {}
}

/// A list with one more middleware inside it. `F` is what the compiler knows of the middleware.
#[derive(Debug, Clone, Copy)]
pub struct Chain<L, M, F = ()>(L, M, PhantomData<fn() -> F>);

impl<L, M, F> Chain<L, M, F> {
    pub(crate) fn new(list: L, middleware: M) -> Self {
        Self(list, middleware, PhantomData)
    }
}

impl<L: Layers, M: Middleware, F: Facts> Layers for Chain<L, M, F> {
    type Around<H: Handle + 'static> = L::Around<Stack<M, H>>;

    fn around<H: Handle + 'static>(self, inner: H) -> Self::Around<H> {
        self.0.around(Stack { middleware: self.1, inner })
    }

    fn names(&self, names: &mut Vec<String>) {
        self.0.names(names);
        // One that a setting has turned off has none.
        names.extend(Some(self.1.name()).filter(|name| !name.is_empty()));
    }
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;
    use crate::dispatch::Endpoint;

    /// So a request to an application without middleware costs what its handler costs.
    #[test]
    fn an_empty_stack_is_its_inner_end_itself() {
        let empty = TypeId::of::<<Identity as Layers>::Around<Endpoint>>();
        assert_eq!(empty, TypeId::of::<Endpoint>());
        assert_eq!(size_of::<Endpoint>(), 0);
    }
}
