//! The stacks of blueprints and routes: each is one type behind one pointer.

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::request;
use pin_project_lite::pin_project;

use super::next::BoxFuture;
use super::proof::{Facts, Named};
use super::{Chain, Handle, Identity, IsMiddleware, Layers, Middleware, Passing, Surroundings};
use crate::dispatch::{Call, Onward, isolate};
use crate::{Body, Request, Response};

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
        const {
            assert!(
                !W::GIVES_NOTHING,
                "a middleware function gives a response, and this one gives `()`: give what `next.run(request).await` gives, `-> Response`"
            );
        }
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

/// [`Handle`] for trait objects.
pub(crate) trait DynStack: Send + Sync {
    /// Whether a member may wait; otherwise requests [`pass`](Self::pass) it.
    fn waits(&self) -> bool;

    /// In a future of its own, panics kept in.
    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response>;

    /// Through the members, none of which waits, to `then`, and back if there is a response: all of it lies on the stack of the thread.
    fn pass<'a, 'h>(
        &'a self,
        head: &'h mut request::Parts,
        body: &'h mut Body,
        passing: Passing<'a>,
        response: &mut Response,
        then: Then<'_, 'a, 'h>,
    ) -> Passed<'a>;

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()>;

    fn start(&self);
}

/// What follows a stack: it writes the response, if there is one at once.
pub(crate) type Then<'t, 'a, 'h> =
    &'t mut dyn FnMut(&'h mut request::Parts, &'h mut Body, &mut Response) -> Passed<'a>;

/// What follows the stacks that never wait: the first that may, if there is one.
pub(crate) type ThenOn<'t, 'a, 'h> =
    &'t mut dyn FnMut(&'h mut request::Parts, &'h mut Body, &mut Response, Option<&'a Scopes>) -> Passed<'a>;

/// What has become of a request further in.
pub(crate) enum Passed<'a> {
    Answered,
    /// There is something to wait for. What is then to be done to the response.
    Waits(Option<Leave<'a>>),
}

/// What is done to a response that had to be waited for.
pub(crate) type Leave<'a> = Box<dyn FnOnce(&mut Response) + Send + 'a>;

impl<H: Handle> DynStack for H {
    fn waits(&self) -> bool {
        H::WAITS
    }

    fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response> {
        let future = isolate::catch(Handle::handle(self, request, passing));
        Box::pin(Scoped { future, call: passing.call })
    }

    fn pass<'a, 'h>(
        &'a self,
        head: &'h mut request::Parts,
        body: &'h mut Body,
        passing: Passing<'a>,
        response: &mut Response,
        then: Then<'_, 'a, 'h>,
    ) -> Passed<'a> {
        let leave = match isolate::catch_now(|| Handle::enter(self, head, body, passing)) {
            Ok(ControlFlow::Continue(leave)) => leave,
            Ok(ControlFlow::Break(answer)) => {
                *response = answer;
                return Passed::Answered;
            }
            Err(panic) => {
                *response = passing.call.answer_to(&panic);
                return Passed::Answered;
            }
        };
        // Where the time of a middleware further out is up, those in here have no response.
        let leave = move |response: &mut Response| {
            if !passing.call.facts.is_late() || self.is_over(passing) {
                leave(self, passing, response);
            }
        };
        match then(head, body, response) {
            Passed::Answered => {
                leave(response);
                Passed::Answered
            }
            Passed::Waits(None) => Passed::Waits(Some(Box::new(leave))),
            Passed::Waits(Some(inner)) => Passed::Waits(Some(Box::new(|response: &mut Response| {
                inner(response);
                leave(response);
            }))),
        }
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        Handle::check_within(self, around)
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
    waits: bool,
}

impl Scopes {
    /// `None` if there are none. Each comes with whether the attributes from its own on state no limit for bodies.
    pub(crate) fn of(stacks: Vec<(Arc<dyn DynStack>, bool)>) -> Option<Self> {
        let inside_out = stacks.into_iter().rev();
        inside_out.fold(None, |inner, (outermost, is_near)| {
            let waits = outermost.waits() || inner.as_ref().is_some_and(|inner: &Self| inner.waits);
            Some(Self { outermost, is_near, inner: inner.map(Box::new), waits })
        })
    }

    /// From the outermost on.
    fn each(first: Option<&Self>) -> impl Iterator<Item = &Self> {
        std::iter::successors(first, |scopes| scopes.inner.as_deref())
    }

    /// How many of the first stand further in than those that both have.
    pub(crate) fn count_beyond(one: Option<&Self>, other: Option<&Self>) -> usize {
        let is_same = |(one, other): &(&Self, &Self)| Arc::ptr_eq(&one.outermost, &other.outermost);
        let shared = Self::each(one).zip(Self::each(other)).take_while(is_same).count();
        Self::each(one).count() - shared
    }

    /// So many of them, those nearest to the handler.
    pub(crate) fn innermost(&self, count: usize) -> Option<&Self> {
        Self::each(Some(self)).find(|scopes| Self::each(Some(scopes)).count() == count)
    }

    /// Whether requests meet the same.
    pub(crate) fn are_same(one: Option<&Self>, other: Option<&Self>) -> bool {
        Self::count_beyond(one, other) == 0 && Self::count_beyond(other, one) == 0
    }

    /// Whether any of them may wait.
    #[inline]
    pub(crate) fn wait(&self) -> bool {
        self.waits
    }

    /// Whether the outermost may wait.
    #[inline]
    pub(crate) fn first_waits(&self) -> bool {
        self.outermost.waits()
    }

    /// Through all of them that come before one that may wait, then on: with that one and those further in, if there are such, else to the handler.
    pub(crate) fn pass<'a, 'h>(
        &'a self,
        head: &'h mut request::Parts,
        body: &'h mut Body,
        passing: Passing<'a>,
        response: &mut Response,
        then: ThenOn<'_, 'a, 'h>,
    ) -> Passed<'a> {
        if self.outermost.waits() {
            return then(head, body, response, Some(self));
        }
        if self.is_near {
            passing.call.facts.come_near();
        }
        self.outermost.pass(head, body, passing, response, &mut |head, body, response| match &self.inner {
            Some(inner) => inner.pass(head, body, passing, response, then),
            None => then(head, body, response, None),
        })
    }

    /// Through all of them, to the handler, in a future of its own.
    pub(crate) fn handle<'a>(&'a self, request: Request, passing: Passing<'a>) -> BoxFuture<'a, Response> {
        if self.is_near {
            passing.call.facts.come_near();
        }
        self.outermost.handle(request, Passing { scopes: self.inner.as_deref(), ..passing })
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({})", Self::each(Some(self)).count())
    }
}
