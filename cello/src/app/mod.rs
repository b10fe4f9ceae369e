//! An application: its routes, its state, its stack. [`App`], [`Application`].

mod application;
mod settings;

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

pub use application::{Address, Application};

use crate::Result;
use crate::dispatch::{Fallback, FallbackService, Settings};
use crate::health::{Check, CheckName};
use crate::hooks::Hook;
use crate::middleware::logging::LogFormat;
use crate::middleware::proof::{Facts, Proven};
use crate::middleware::{
    Chain, Compression, ConditionalRequests, Cors, Identity, IsMiddleware, Logging, Metrics, Middleware,
    RequestIds, SecurityHeaders, TrustedProxies,
};
use crate::route::Routes;
use crate::server::{Place, ServerConfig};
use crate::service::AppService;
use crate::state::proof::{Needs, NeedsFrom, NotGiven};
use crate::state::{Anything, AppState, IntoState, IsState, StateFuture};

/// An application under construction: routes, then state, middleware and settings in any order.
///
/// ```
/// use cello::prelude::*;
///
/// #[get("/")]
/// async fn index() -> &'static str {
///     "hello"
/// }
///
/// fn app() -> impl Application {
///     App::new(routes![index]).enable_cors().enable_logging().enable_compression()
/// }
///
/// # fn start() -> cello::Result<()> {
/// app().run("127.0.0.1:8000")
/// # }
/// ```
///
/// `N` stands for the state that the handlers need, `S` for the state given, `L` for the middleware: the compiler
/// infers all three, and a function that gives an application says `-> impl Application`.
pub struct App<N = UseImplApplication, S = (), L = Identity> {
    routes: Routes<N>,
    state: StateSource,
    given: PhantomData<fn() -> S>,
    layers: L,
    settings: Settings,
    server: ServerConfig,
    log_format: LogFormat,
    fault: Option<crate::Error>,
}

/// What `App` alone has in place of what its handlers need. No routes have it, and rustc names it to who writes `-> App`.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct UseImplApplication;

/// So that nothing else is said of it.
impl<S> Needs<S> for UseImplApplication {}

type Connecting = Pin<Box<dyn Future<Output = Result<Arc<dyn AppState>>> + Send>>;

/// The state without its type: what was wrong with the type was said where it was given, and is not said again.
enum StateSource {
    Ready(Arc<dyn AppState>),
    Later(Box<dyn FnOnce() -> Connecting + Send>),
}

impl<N> App<N> {
    /// An application of these routes, without state and middleware.
    pub fn new(routes: Routes<N>) -> Self {
        Self {
            routes,
            state: StateSource::Ready(Arc::new(())),
            given: PhantomData,
            layers: Identity,
            settings: Settings::default(),
            server: ServerConfig::default(),
            log_format: LogFormat::default(),
            fault: None,
        }
    }
}

impl<N, S, L> App<N, S, L> {
    /// Gives the shared state, once. It does not compile if a handler takes a `&T` that this state does not have.
    #[doc(alias = "with_state")]
    #[doc(alias = "manage")]
    #[doc(alias = "app_data")]
    pub fn state<T: AppState, U: IsState<T>>(self, state: U) -> App<Proven<N>, T, L>
    where
        N: NeedsFrom<U, T>,
        S: NotGiven,
    {
        self.proven(StateSource::Ready(Arc::new(state.itself())))
    }

    /// Gives shared state that needs awaiting: `connect` runs when the application starts, on the runtime on which it
    /// is served, so that what it spawns stays driven as long as the server lives. It gives the state, or a `Result`
    /// whose error keeps the application from starting, as a panic does.
    pub fn state_with<F, Fut, R, T>(self, connect: F) -> App<Proven<N>, T, L>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: StateFuture<R> + Send + 'static,
        R: IntoState<T>,
        T: AppState,
        N: Needs<T>,
        S: NotGiven,
    {
        let connect = || -> Connecting {
            Box::pin(async { connect().await.into_state().map(|state| Arc::new(state) as Arc<dyn AppState>) })
        };
        self.proven(StateSource::Later(Box::new(connect)))
    }

    /// The same application, with a state that was wrong and has been reported.
    pub(crate) fn with_anything(self) -> App<Proven<N>, Anything, L> {
        self.proven(StateSource::Ready(Arc::new(Anything)))
    }

    fn proven<T>(self, state: StateSource) -> App<Proven<N>, T, L> {
        let Self { routes, state: _, given: _, layers, settings, server, log_format, fault } = self;
        App {
            routes: routes.proven(),
            state,
            given: PhantomData,
            layers,
            settings,
            server,
            log_format,
            fault,
        }
    }
}

impl<N, S, L> App<N, S, L> {
    /// Adds a middleware around the handlers, inside those that were added before: the first added is outermost.
    ///
    /// A configuration that the middleware refuses is reported when the application starts.
    ///
    /// It takes every [`Middleware`], `async fn`s among them, and every [`MiddlewareWith`](crate::middleware::MiddlewareWith), of which `F` is what
    /// the compiler then sees to.
    #[cfg_attr(not(feature = "tower"), doc(alias = "layer"))]
    #[doc(alias = "wrap")]
    #[doc(alias = "attach")]
    pub fn with<M, F, T>(self, middleware: T) -> App<N, S, Chain<L, M, F>>
    where
        M: Middleware,
        F: Facts,
        T: IsMiddleware<M, F>,
    {
        const {
            assert!(
                !T::GIVES_NOTHING,
                "a middleware function gives a response, and this one gives `()`: give what `next.run(request).await` gives, `-> Response`"
            );
        }
        let middleware = middleware.itself();
        let Self { routes, state, given, layers, settings, server, log_format, fault } = self;
        let fault = fault.or_else(|| middleware.check().err());
        App {
            routes,
            state,
            given,
            layers: Chain::new(layers, middleware),
            settings,
            server,
            log_format,
            fault,
        }
    }

    /// Adds a layer of tower: `.with(Tower::new(layer))`, see [`Tower`](crate::middleware::tower::Tower). Feature `tower`.
    #[cfg(feature = "tower")]
    pub fn layer<T, R, B>(self, layer: T) -> App<N, S, Chain<L, crate::middleware::Tower>>
    where
        T: crate::middleware::tower::TowerLayer<R> + Send + Sync + 'static,
        R: tower_service::Service<crate::Request, Response = http::Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        R::Future: Send,
        R::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.with(crate::middleware::Tower::new(layer))
    }

    /// Lets browsers call from any origin, without credentials: `.with(Cors::default())`.
    pub fn enable_cors(self) -> App<N, S, Chain<L, Cors>> {
        self.with(Cors::default())
    }

    /// Logs each request: `.with(Logging::default())`.
    pub fn enable_logging(self) -> App<N, S, Chain<L, Logging>> {
        let logging = Logging::default().format(self.log_format);
        self.with(logging)
    }

    /// Compresses responses: `.with(Compression::default())`.
    pub fn enable_compression(self) -> App<N, S, Chain<L, Compression>> {
        self.with(Compression::default())
    }

    /// Answers 304 to clients that have what they ask for: `.with(ConditionalRequests::default())`. With compression,
    /// enable that first.
    pub fn enable_conditional_requests(self) -> App<N, S, Chain<L, ConditionalRequests>> {
        self.with(ConditionalRequests::default())
    }

    /// Tells clients the id of each request: `.with(RequestIds::default())`.
    pub fn enable_request_id(self) -> App<N, S, Chain<L, RequestIds>> {
        self.with(RequestIds::default())
    }

    /// Believes a proxy on the same machine about whose requests it brings: `.with(TrustedProxies::default())`.
    pub fn enable_trusted_proxies(self) -> App<N, S, Chain<L, TrustedProxies>> {
        self.with(TrustedProxies::default())
    }

    /// Tells browsers what to guard against: `.with(SecurityHeaders::default())`.
    pub fn enable_security_headers(self) -> App<N, S, Chain<L, SecurityHeaders>> {
        self.with(SecurityHeaders::default())
    }

    /// Counts requests, and tells Prometheus at `/metrics`: `.with(Metrics::default())`.
    pub fn enable_metrics(self) -> App<N, S, Chain<L, Metrics>> {
        self.with(Metrics::default())
    }
}

/// What is held to a trait stands here, beside the type: rustc then names it `App::..`.
impl<N, S, L> App<N, S, L> {
    /// Answers what no route takes with another service, such as the router of an application that moves over route
    /// by route: other paths, and other methods of the same paths, so that there is no 405 or 501. `OPTIONS` is
    /// answered here for a path that has routes. The service stands inside the application's middleware. It finds the
    /// address of the client among the extensions of the request, as [`ClientAddr`](crate::ClientAddr), and reads no more of a
    /// body than [`Limits::body`](crate::Limits::body).
    #[must_use]
    pub fn fallback_service<T, F, B, E>(mut self, service: T) -> Self
    where
        T: FallbackService<F, B, E> + Clone + Send + Sync + 'static,
        F: Future<Output = Result<http::Response<B>, E>> + Send,
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.settings.fallback = Some(Fallback::new(service));
        self
    }

    /// Listens on this address too, besides the one that [`run`](Application::run) or the listener that
    /// [`serve`](Application::serve) is given. One that cannot be understood is reported when the application starts.
    #[must_use]
    pub fn also_listen(self, address: impl Address) -> Self {
        self.also(address, None)
    }

    /// Listens on this address too, with TLS. Feature `tls`.
    ///
    /// ```no_run
    /// use cello::prelude::*;
    /// use cello::Tls;
    ///
    /// # #[get("/")] async fn index() -> &'static str { "" }
    /// fn main() -> cello::Result<()> {
    ///     let tls = Tls::from_pem_files("cert.pem", "key.pem");
    ///     App::new(routes![index]).also_listen_tls("0.0.0.0:443", tls).run("0.0.0.0:80")
    /// }
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn also_listen_tls(self, address: impl Address, tls: crate::Tls) -> Self {
        self.also(address, Some(tls))
    }

    fn also(mut self, address: impl Address, tls: Option<crate::server::Tls>) -> Self {
        match address.to_socket_addrs() {
            Ok(addresses) => self.server.also.push(Place::Tcp(addresses.collect(), tls)),
            Err(error) => {
                let why = format!("the address to listen on besides cannot be understood: {error}");
                self.fault = self.fault.or(Some(crate::Error::msg(why)));
            }
        }
        self
    }

    /// Does something when the server starts, before it takes requests: after the state has been made, one hook after the
    /// other. An error keeps the server from starting, and so does a panic; then no hook is called any more. A signal ends it all, also
    /// where the state is still being made.
    ///
    /// ```
    /// use cello::prelude::*;
    ///
    /// struct Jobs(/* a queue */);
    ///
    /// impl Jobs {
    ///     async fn begin(&self) -> cello::Result<()> {
    ///         Ok(())
    ///     }
    ///     async fn finish(&self) {}
    /// }
    ///
    /// #[derive(AppState)]
    /// struct Services {
    ///     jobs: Jobs,
    /// }
    ///
    /// fn app() -> impl Application {
    ///     App::new(routes![])
    ///         .state(Services { jobs: Jobs() })
    ///         .on_start(async |jobs: State<Jobs>| jobs.begin().await)
    ///         .on_stop(async |jobs: State<Jobs>| jobs.finish().await)
    /// }
    /// ```
    ///
    /// Hooks belong to the server: an application that is a service of another one, or in a
    /// [`TestClient`](crate::testing::TestClient), does not call them.
    #[must_use]
    pub fn on_start<A>(mut self, hook: impl Hook<S, A>) -> Self {
        self.settings.hooks.on_start(hook);
        self
    }

    /// Does something when the server has stopped, after the last request has been answered or cut off: the hook that was
    /// added last is called first, each though another has failed or panicked. They share one [`Limits::grace`](crate::Limits::grace); a second signal
    /// ends them. With [`run`](Application::run) it ends those too that block their thread. An error is logged, and is the result of `run`.
    #[must_use]
    pub fn on_stop<A>(mut self, hook: impl Hook<S, A>) -> Self {
        self.settings.hooks.on_stop(hook);
        self
    }

    /// Adds a check to those that readiness asks: an `async` function or closure, of no argument or of up to three `State<T>`. Its
    /// name alone makes it critical; see [`HealthCheck`](crate::health::HealthCheck) for others. Two checks of one name are reported when the
    /// application starts.
    #[must_use]
    pub fn health_check<A>(mut self, check: impl CheckName, run: impl Check<S, A>) -> Self {
        if let Some(checks) = Arc::get_mut(&mut self.settings.checks)
            && let Err(fault) = checks.add(check.named(), run)
        {
            self.fault = self.fault.or(Some(fault));
        }
        self
    }
}

/// The methods of [`Application`] again: of an application that is not whole, the compiler says then what is missing,
/// and not only that it has no such method.
impl<N, S, L> App<N, S, L> {
    /// See [`Application::run`].
    ///
    /// # Errors
    /// As [`Application::run`].
    pub fn run(self, address: impl Address) -> Result<()>
    where
        Self: Application,
    {
        Application::run(self, address)
    }

    /// See [`Application::serve`].
    ///
    /// # Errors
    /// As [`Application::serve`].
    pub async fn serve(self, listener: tokio::net::TcpListener) -> Result<()>
    where
        Self: Application,
    {
        Application::serve(self, listener).await
    }

    /// See [`Application::serve_until`].
    ///
    /// # Errors
    /// As [`Application::serve_until`].
    pub async fn serve_until(
        self,
        listener: tokio::net::TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()>
    where
        Self: Application,
    {
        Application::serve_until(self, listener, shutdown).await
    }

    /// See [`Application::into_service`].
    ///
    /// # Errors
    /// As [`Application::into_service`].
    pub async fn into_service(self) -> Result<AppService<<Self as Application>::Stack>>
    where
        Self: Application,
    {
        Application::into_service(self).await
    }
}

impl<N, S, L> fmt::Debug for App<N, S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("routes", &self.routes)
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
