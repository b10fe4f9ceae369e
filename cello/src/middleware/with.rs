//! Middleware that needs something, or hands something on: [`MiddlewareWith`].

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::request;
use pin_project_lite::pin_project;

use super::{Handle, Middleware, Next, Passing, Surroundings, named};
use crate::dispatch::no_state;
use crate::state::{Given, StateList};
use crate::{Body, IntoResponse, Request, Response};

/// A middleware with shared state, or with a value for handlers: all that [`Middleware`](super::Middleware) is, and the compiler sees to what it
/// says. It is added in the same way.
///
/// ```
/// use cello::prelude::*;
///
/// /// How many requests have come; part of the application's state.
/// #[derive(Default)]
/// struct Visits(std::sync::atomic::AtomicU64);
///
/// /// The number of this request, for handlers.
/// #[derive(Clone, Copy)]
/// struct Visit(u64);
///
/// struct Counting;
///
/// impl MiddlewareWith for Counting {
///     type State = (Visits,);
///     type Provides = Visit;
///
///     async fn handle<'a>(
///         &'a self,
///         request: Request,
///         (visits,): (&'a Visits,),
///         next: Next<'a, impl Handle, Visit>,
///     ) -> Response {
///         let visit = Visit(visits.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1);
///         next.run_with(request, &visit).await
///     }
/// }
///
/// #[derive(AppState)]
/// struct Services {
///     visits: Visits,
/// }
///
/// #[get("/")]
/// async fn index(visit: Provided<Visit>) -> String {
///     format!("visit {}", visit.0.0)
/// }
///
/// let app = App::new(routes![index]).state(Services { visits: Visits::default() }).with(Counting);
/// let client = cello::testing::TestClient::new(app);
/// assert_eq!(client.get("/").send().text(), "visit 1");
/// assert_eq!(client.get("/").send().text(), "visit 2");
/// ```
///
/// An application without a `Visits` in its state does not compile, nor one whose handler takes a `Provided<Visit>` without
/// `Counting` around it.
///
/// # In `with(...)`
/// Its type is read from how it is made: `with(Counting)`, `with(Sessions::new("sid"))`, `with(auth::Sessions { .. })`. Where the
/// type does not stand in front, or has arguments to infer, write it behind: `with(sessions() as Sessions<Memory>)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware with state",
    label = "expected a middleware here",
    note = "help: implement `cello::middleware::MiddlewareWith` for it"
)]
pub trait MiddlewareWith: Send + Sync + 'static {
    /// The shared state that it needs: `()`, or a tuple such as `(Sessions,)`. An application whose state lacks it does not
    /// compile. [`FromMiddleware<T>`](super::FromMiddleware) asks for what a middleware outside this one hands on.
    type State: StateList;

    /// The type of the value that it hands to handlers, `()` for none.
    type Provides: Send + Sync + 'static;

    /// Answers `request`, as [`Middleware::handle`](super::Middleware::handle) does; `state` has references to what
    /// [`State`](Self::State) names. It hands the request on with [`next.run`](Next::run), or, if it provides something, with
    /// [`next.run_with`](Next::run_with).
    fn handle<'a>(
        &'a self,
        request: Request,
        state: <Self::State as StateList>::Refs<'a>,
        next: Next<'a, impl Handle, Self::Provides>,
    ) -> impl Future<Output = Response> + Send + 'a;

    /// Its name for people; see [`Middleware::name`](super::Middleware::name).
    fn name(&self) -> String {
        named::<Self>()
    }

    /// Checks the configuration once, before the application starts.
    ///
    /// # Errors
    /// A sentence for the person who configured it. The application does not start then.
    fn check(&self) -> crate::Result<()> {
        Ok(())
    }

    /// Called once when the application starts to serve; see [`Middleware::start`](super::Middleware::start).
    fn start(&self) {}

    /// For members of the library; see [`Middleware::check_within`](super::Middleware::check_within).
    #[doc(hidden)]
    fn check_within(&self, _around: &mut Surroundings) -> crate::Result<()> {
        Ok(())
    }

    /// For members of the library; see [`Middleware::enter`](super::Middleware::enter).
    #[doc(hidden)]
    const WAITS: bool = true;

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
}

/// One instance shared by several places.
impl<M: MiddlewareWith> MiddlewareWith for std::sync::Arc<M> {
    type State = M::State;
    type Provides = M::Provides;

    fn handle<'a>(
        &'a self,
        request: Request,
        state: <Self::State as StateList>::Refs<'a>,
        next: Next<'a, impl Handle, Self::Provides>,
    ) -> impl Future<Output = Response> + Send + 'a {
        M::handle(self, request, state, next)
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

    fn start(&self) {
        M::start(self);
    }
}

/// A [`MiddlewareWith`] as a plain [`Middleware`].
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct InContext<M>(pub(super) M);

impl<M: MiddlewareWith> Middleware for InContext<M> {
    const WAITS: bool = M::WAITS;

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, M>> {
        let leave = self.0.enter(head, body, passing)?;
        ControlFlow::Continue(move |this: &'a Self, passing: Passing<'a>, response: &mut Response| {
            leave(&this.0, passing, response);
        })
    }

    fn handle<'a>(
        &'a self,
        request: Request,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        let given = Given { state: next.passing.call.shared_state(), provided: next.passing.provided };
        match M::State::refs(given) {
            Some(state) => Answering::By { future: self.0.handle(request, state, next.owing()) },
            None => Answering::Refused { response: Some(no_state::<M>().into_response()) },
        }
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn check(&self) -> crate::Result<()> {
        self.0.check()
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        self.0.check_within(around)
    }

    fn start(&self) {
        self.0.start();
    }
}

pin_project! {
    #[project = AnsweringProjection]
    enum Answering<F> {
        By { #[pin] future: F },
        Refused { response: Option<Response> },
    }
}

impl<F: Future<Output = Response>> Future for Answering<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            AnsweringProjection::By { future } => future.poll(cx),
            AnsweringProjection::Refused { response } => response.take().map_or(Poll::Pending, Poll::Ready),
        }
    }
}
