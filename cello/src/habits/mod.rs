//! Methods and functions that people know from other frameworks, or that stand behind a feature, and that are not there: who types one is
//! told what to type instead.
//!
//! They are hidden from the documentation and from editors, and none can be called: nothing implements their traits. rustc itself names
//! a method's `#[doc(alias)]` only within the crate that has it.

mod parts;
mod testing;

use std::future::{Ready, ready};

use crate::middleware::proof::Proven;
use crate::state::Anything;
use crate::{App, Result};

/// That routes can be added. They cannot: the table is frozen when the application is compiled.
#[diagnostic::on_unimplemented(
    message = "an `App` gets all its routes at once, from `routes![...]`: none can be added",
    label = "`App` has no such method",
    note = "help: put an attribute such as `#[get(\"/path\")]` on each handler, and `#[cello::blueprint(\"/prefix\")]` on a module of handlers, or `blueprint!(\"/prefix\", [...])` in its file; then name handlers and modules in `App::new(routes![...])`"
)]
pub trait AddsRoutes {}

/// That the state is given so.
#[diagnostic::on_unimplemented(
    message = "an `App` gets its shared state by `.state(...)`",
    label = "`App` has no such method",
    note = "help: write `.state(...)` with one struct that derives `AppState`: each of its fields is state that a handler takes as `&FieldType`"
)]
pub trait GivesState {}

/// That middleware is added so.
#[diagnostic::on_unimplemented(
    message = "an `App` gets its middleware by `.with(...)`",
    label = "`App` has no such method",
    note = "help: write `.with(...)`; what is added first is outermost. A layer of tower needs the feature `tower`"
)]
pub trait AddsMiddleware {}

/// That an application listens so.
#[diagnostic::on_unimplemented(
    message = "an `App` is served by `.run(...)`",
    label = "`App` has no such method",
    note = "help: write `.run(\"127.0.0.1:8000\")`, in a `main` that is not `async`; it returns when the server has stopped"
)]
pub trait Listens {}

/// That requests are turned away so.
#[diagnostic::on_unimplemented(
    message = "guards belong to routes and blueprints, not to the `App`",
    label = "`App` has no such method",
    note = "help: write `guard(...)` in the attribute of a handler, `#[get(\"/path\", guard(Admin))]`, or of a blueprint; for all requests add a middleware by `.with(...)`"
)]
pub trait Guards {}

/// That what no route answers is answered so.
#[diagnostic::on_unimplemented(
    message = "what no route answers is a 404, and no handler is called for it",
    label = "`App` has no such method",
    note = "help: `.render_errors(...)` says what errors look like, `.fallback_service(...)` hands the request to a service of tower, and a handler at `#[get(\"/<path..>\")]` answers where no other route does"
)]
pub trait FallsBack {}

/// That it is stopped so.
#[diagnostic::on_unimplemented(
    message = "an `App` stops by itself when the process is told to: it takes no new requests, and answers those that are there",
    label = "`App` has no such method",
    note = "help: leave it out; `.limits(Limits::default().grace(...))` says how long that may take, `.on_stop(async || ...)` what is to be done then, and `.serve_until(listener, shutdown)` when, other than at SIGTERM or Ctrl-C"
)]
pub trait IsStopped {}

/// That it speaks TLS so.
#[diagnostic::on_unimplemented(
    message = "an `App` speaks TLS by `.tls(...)`",
    label = "`App` has no such method",
    note = "help: write `.tls(Tls::from_pem_files(\"cert.pem\", \"key.pem\")).run(\"0.0.0.0:443\")`, with `use cello::Tls;` and the feature `tls` of cello"
)]
pub trait SpeaksTls {}

/// That bodies and time are limited so.
#[diagnostic::on_unimplemented(
    message = "an `App` gets limits of bodies and time as middleware, by `.with(...)`",
    label = "`App` has no such method",
    note = "help: write `.with(BodyLimit::new(1024 * 1024))` or `.with(Timeout::new(Duration::from_secs(5)))`; a route has its own by `body_limit = ...` and `timeout = ...` in its attribute"
)]
pub trait IsLimited {}

/// That it is tested so.
#[diagnostic::on_unimplemented(
    message = "an application is called without a socket by a `TestClient`",
    label = "`App` has no such method",
    note = "help: write `TestClient::new(app).get(\"/path\").send()`, with `use cello::testing::TestClient;`; as a service of tower it is `app.into_service().await`"
)]
pub trait IsCalled {}

/// That it is served so.
#[diagnostic::on_unimplemented(
    message = "an `App` serves itself",
    label = "not served by a function",
    note = "help: write `.run(\"127.0.0.1:8000\")`, in a `main` that is not `async`, or `.serve(listener).await` in a runtime of your own"
)]
pub trait IsServed {}

/// That the feature `tls` is on.
#[cfg(not(feature = "tls"))]
#[diagnostic::on_unimplemented(
    message = "TLS needs the feature `tls` of cello, which is off",
    label = "`App` does not take it",
    note = "help: write `cello = {{ version = \"...\", features = [\"tls\"] }}` in `Cargo.toml`, or run `cargo add cello --features tls`; `.tls(...)` then takes a `cello::Tls`, such as `Tls::from_pem_files(\"cert.pem\", \"key.pem\")`"
)]
pub trait HasTls {}

/// That a function is made a middleware so.
#[diagnostic::on_unimplemented(
    message = "a function is a middleware as it is",
    label = "nothing has to be made of it",
    note = "help: give the function itself, `.with(require_token)`; shared state that it needs it takes after `next`, as `&Tokens`"
)]
pub trait MakesMiddleware {}

/// That what needs a number of the user's is added so.
#[diagnostic::on_unimplemented(
    message = "a limit is nothing without a number of yours, so there is no default to enable",
    label = "`App` has no such method",
    note = "help: write `.with(RateLimit::per_second(10))`, `.with(ConcurrencyLimit::new(256))`, `.with(Timeout::new(Duration::from_secs(5)))` or `.with(BodyLimit::new(1024 * 1024))`"
)]
pub trait IsLimitedByNumbers {}

/// That it tells its health so.
#[diagnostic::on_unimplemented(
    message = "an application tells its health by three routes that it mounts",
    label = "`App` has no such method",
    note = "help: name `cello::health` in `routes![...]`; what readiness asks is added by `.health_check(\"database\", async |users: State<Users>| ...)`"
)]
pub trait TellsHealth {}

/// `axum::serve`
#[doc(hidden)]
#[allow(clippy::missing_errors_doc)] // nobody can call it
pub fn serve<L, A>(_: L, _: A) -> Ready<Result<()>>
where
    A: IsServed,
{
    ready(Ok(()))
}

/// `axum::middleware::from_fn`
#[doc(hidden)]
#[must_use]
pub fn from_fn<F>(function: F) -> F
where
    F: MakesMiddleware,
{
    function
}

/// `axum::middleware::from_fn_with_state`
#[doc(hidden)]
#[must_use]
pub fn from_fn_with_state<S, F>(_: S, function: F) -> F
where
    F: MakesMiddleware,
{
    function
}

#[doc(hidden)]
#[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, clippy::missing_errors_doc)] // nobody can call them
impl<N, S, L> App<N, S, L> {
    pub fn route<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn mount<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn nest<A, B>(self, _: A, _: B) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn routes<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn merge<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn service<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn with_state<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    pub fn manage<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    pub fn app_data<A>(self, _: A) -> App<Proven<N>, Anything, L>
    where
        N: GivesState,
    {
        self.with_anything()
    }

    #[cfg(not(feature = "tower"))]
    pub fn layer<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn middleware<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn wrap<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn attach<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn bind<A>(self, _: A) -> Self
    where
        N: Listens,
    {
        self
    }

    pub fn listen<A>(self, _: A) -> Result<()>
    where
        N: Listens,
    {
        Ok(())
    }

    pub fn launch(self) -> Result<()>
    where
        N: Listens,
    {
        Ok(())
    }

    pub fn register_blueprint<A>(self, _: A) -> Self
    where
        N: AddsRoutes,
    {
        self
    }

    pub fn add_middleware<A>(self, _: A) -> Self
    where
        N: AddsMiddleware,
    {
        self
    }

    pub fn guard<A>(self, _: A) -> Self
    where
        N: Guards,
    {
        self
    }

    pub fn fallback<A>(self, _: A) -> Self
    where
        N: FallsBack,
    {
        self
    }

    pub fn not_found<A>(self, _: A) -> Self
    where
        N: FallsBack,
    {
        self
    }

    pub fn default_service<A>(self, _: A) -> Self
    where
        N: FallsBack,
    {
        self
    }

    pub fn with_graceful_shutdown<A>(self, _: A) -> Self
    where
        N: IsStopped,
    {
        self
    }

    pub fn shutdown_timeout<A>(self, _: A) -> Self
    where
        N: IsStopped,
    {
        self
    }

    pub fn bind_rustls<A, B>(self, _: A, _: B) -> Self
    where
        N: SpeaksTls,
    {
        self
    }

    pub fn bind_openssl<A, B>(self, _: A, _: B) -> Self
    where
        N: SpeaksTls,
    {
        self
    }

    pub fn body_limit<A>(self, _: A) -> Self
    where
        N: IsLimited,
    {
        self
    }

    pub fn timeout<A>(self, _: A) -> Self
    where
        N: IsLimited,
    {
        self
    }

    pub fn oneshot<A>(self, _: A) -> Self
    where
        N: IsCalled,
    {
        self
    }

    pub fn enable_rate_limit<A>(self, _: A) -> Self
    where
        N: IsLimitedByNumbers,
    {
        self
    }

    pub fn enable_concurrency_limit<A>(self, _: A) -> Self
    where
        N: IsLimitedByNumbers,
    {
        self
    }

    pub fn enable_timeout<A>(self, _: A) -> Self
    where
        N: IsLimitedByNumbers,
    {
        self
    }

    pub fn enable_body_limit<A>(self, _: A) -> Self
    where
        N: IsLimitedByNumbers,
    {
        self
    }

    pub fn enable_health(self) -> Self
    where
        N: TellsHealth,
    {
        self
    }

    pub fn enable_health_checks(self) -> Self
    where
        N: TellsHealth,
    {
        self
    }

    // Of these it is the argument that is asked, so that one that does not exist is one mistake: rustc names the feature for it.
    #[cfg(not(feature = "tls"))]
    pub fn tls<T>(self, _: T) -> Self
    where
        T: HasTls,
    {
        self
    }

    #[cfg(not(feature = "tls"))]
    pub fn also_listen_tls<A, T>(self, _: A, _: T) -> Self
    where
        T: HasTls,
    {
        self
    }
}
