//! Plain functions with shared state as middleware: [`StateFn`].

use std::fmt;
use std::future::Future;

use super::next::BoxFuture;
use super::proof::Of;
use super::{Erased, Handle, IsMiddleware, Middleware, MiddlewareWith, Next, named};
use crate::dispatch::no_state;
use crate::state::{Given, Handles, State, StateList};
use crate::{IntoResponse, Request, Response};

/// A function that is a middleware and takes shared state: `async fn(Request, Next<'_>, &A, ..) -> impl IntoResponse`, with up to four
/// parts of the state. `S` is their list, `(A,)`.
///
/// [`App::with`](crate::App::with) makes it of the function; an application whose state lacks a part does not compile.
///
/// ```
/// use std::sync::Mutex;
/// use cello::prelude::*;
///
/// /// Who has changed what; part of the application's state.
/// #[derive(Default)]
/// struct AuditLog(Mutex<Vec<String>>);
///
/// async fn audit(request: Request, next: Next<'_>, log: &AuditLog) -> Response {
///     let what = format!("{} {}", request.method(), request.uri().path());
///     let response = next.run(request).await;
///     if let Ok(mut log) = log.0.lock() {
///         log.push(format!("{what}: {}", response.status().as_u16()));
///     }
///     response
/// }
///
/// #[get("/log")]
/// async fn read(log: &AuditLog) -> String {
///     log.0.lock().map(|log| log.join("\n")).unwrap_or_default()
/// }
///
/// #[derive(AppState)]
/// struct Services {
///     log: AuditLog,
/// }
///
/// let app = App::new(routes![read]).state(Services { log: AuditLog::default() }).with(audit);
/// let client = cello::testing::TestClient::new(app);
/// client.get("/nowhere").send();
/// assert_eq!(client.get("/log").send().text(), "GET /nowhere: 404");
/// ```
///
/// # In `with(...)`
/// A function has no type that an attribute could name, so there it says what state it takes:
///
/// ```
/// # use cello::prelude::*;
/// # struct AuditLog;
/// # async fn audit(request: Request, next: Next<'_>, _: &AuditLog) -> Response { next.run(request).await }
/// #[put("/price/<cents>", with(audit as StateFn<(AuditLog,)>))]
/// async fn set_price(cents: u64) -> String {
///     cents.to_string()
/// }
/// ```
///
/// # Handles
/// One that hands the state to a task which outlives the request takes it as a handler does, `State<AuditLog>`; all parts then, or none.
/// In `with(...)` it says so: `with(audit as StateFn<Handles<(AuditLog,)>>)`.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use cello::prelude::*;
///
/// #[derive(Default)]
/// struct Seen(AtomicU64);
///
/// async fn count(request: Request, next: Next<'_>, seen: State<Seen>) -> Response {
///     tokio::spawn(async move { seen.0.fetch_add(1, Ordering::Relaxed) });
///     next.run(request).await
/// }
/// # #[get("/")] async fn index() {}
/// # #[derive(AppState)] struct Services { seen: Seen }
/// # let app = App::new(routes![index]).state(Services { seen: Seen::default() }).with(count);
/// # assert_eq!(cello::testing::TestClient::new(app).get("/").send().status(), 200);
/// ```
///
/// # A function that gives nothing
/// It would drop the response of every handler, where a handler that gives nothing has nothing to say. It does not compile: `cargo build` says
/// so, not yet `cargo check`.
///
/// ```compile_fail,E0080
/// # use cello::prelude::*;
/// # #[get("/")] async fn index() {}
/// async fn stamp(request: Request, next: Next<'_>) {
///     next.run(request).await;
/// }
/// # let _ =
/// App::new(routes![index]).with(stamp)
/// # ;
/// ```
///
/// ```compile_fail,E0080
/// # use cello::prelude::*;
/// # struct AuditLog;
/// # #[derive(AppState)] struct Services { log: AuditLog }
/// async fn audit(request: Request, next: Next<'_>, _: &AuditLog) -> cello::Result<()> {
///     next.run(request).await;
///     Ok(())
/// }
/// #[get("/", with(audit as StateFn<(AuditLog,)>))]
/// async fn index() {}
/// # let app = App::new(routes![index]).state(Services { log: AuditLog });
/// # cello::testing::TestClient::new(app).get("/").send();
/// ```
///
/// # Cost
/// That of a function without state (what follows is boxed once), one dynamic call and one box more, and a look for each part.
pub struct StateFn<S: StateList> {
    function: Box<dyn DynStateFn<S>>,
    name: String,
}

impl<S: StateList> fmt::Debug for StateFn<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StateFn").field(&self.name).finish()
    }
}

impl<S: StateList + 'static> Middleware for StateFn<S> {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let erased = Erased(next.handle);
        let given = Given { state: next.passing.call.shared_state(), provided: next.passing.provided };
        let called =
            S::refs(given).map(|state| self.function.call(request, Next::new(&erased, next.passing), state));
        match called {
            Some(future) => future.await,
            None => no_state::<Self>().into_response(),
        }
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// What the compiler is told of it.
impl<S: StateList + 'static> MiddlewareWith for StateFn<S> {
    type State = S;
    type Provides = ();

    fn handle<'a>(
        &'a self,
        request: Request,
        _: S::Refs<'a>,
        next: Next<'a, impl Handle>,
    ) -> impl Future<Output = Response> + Send + 'a {
        Middleware::handle(self, request, next)
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<F, S> IsMiddleware<StateFn<S>, Of<StateFn<S>>> for F
where
    F: for<'a> MiddlewareStateFn<'a, S> + 'static,
    S: StateList + 'static,
{
    const GIVES_NOTHING: bool = <F as MiddlewareStateFn<'static, S>>::GIVES_NOTHING;

    fn itself(self) -> StateFn<S> {
        StateFn { function: Box::new(self), name: named::<F>() }
    }
}

/// A function of request, `Next` and references to what `S` lists; implemented by the compiler's own function types only.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a middleware with shared state",
    label = "expected a middleware here",
    note = "help: give an `async fn(Request, Next<'_>, &A) -> Response`, where the state has an `A`"
)]
pub trait MiddlewareStateFn<'a, S: StateList>: Send + Sync {
    /// See [`IntoResponse::IS_NOTHING`].
    const GIVES_NOTHING: bool;

    fn call(&self, request: Request, next: Next<'a>, state: S::Refs<'a>) -> BoxFuture<'a, Response>;
}

/// [`MiddlewareStateFn`] for trait objects.
trait DynStateFn<S: StateList>: Send + Sync {
    fn call<'a>(&self, request: Request, next: Next<'a>, state: S::Refs<'a>) -> BoxFuture<'a, Response>;
}

impl<S: StateList, F: for<'a> MiddlewareStateFn<'a, S>> DynStateFn<S> for F {
    fn call<'a>(&self, request: Request, next: Next<'a>, state: S::Refs<'a>) -> BoxFuture<'a, Response> {
        MiddlewareStateFn::call(self, request, next, state)
    }
}

macro_rules! functions {
    ($(($($part:ident $value:ident)+))+) => { $(
        #[diagnostic::do_not_recommend]
        impl<'a, F, Fut, $($part: 'static),+> MiddlewareStateFn<'a, ($($part,)+)> for F
        where
            F: Fn(Request, Next<'a>, $(&'a $part),+) -> Fut + Send + Sync,
            Fut: Future<Output: IntoResponse> + Send + 'a,
        {
            const GIVES_NOTHING: bool = Fut::Output::IS_NOTHING;

            fn call(
                &self,
                request: Request,
                next: Next<'a>,
                ($($value,)+): ($(&'a $part,)+),
            ) -> BoxFuture<'a, Response> {
                let future = self(request, next, $($value),+);
                Box::pin(async move { future.await.into_response() })
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, F, Fut, $($part: 'static),+> MiddlewareStateFn<'a, Handles<($($part,)+)>> for F
        where
            F: Fn(Request, Next<'a>, $(State<$part>),+) -> Fut + Send + Sync,
            Fut: Future<Output: IntoResponse> + Send + 'a,
        {
            const GIVES_NOTHING: bool = Fut::Output::IS_NOTHING;

            fn call(
                &self,
                request: Request,
                next: Next<'a>,
                ($($value,)+): ($(State<$part>,)+),
            ) -> BoxFuture<'a, Response> {
                let future = self(request, next, $($value),+);
                Box::pin(async move { future.await.into_response() })
            }
        }
    )+ };
}

functions! { (A a) (A a B b) (A a B b C c) (A a B b C c D d) }
