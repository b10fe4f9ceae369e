//! Layers of tower as middleware: [`Tower`]. Feature `tower`.

mod handover;

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::StatusCode;
use tower_layer::Layer;
use tower_service::Service;

use self::handover::{Beside, Rest, Way, handover};
use super::next::BoxFuture;
use super::{Handle, Middleware, Next, named};
use crate::dispatch::{Call, Here};
use crate::state::{Anything, Nothing};
use crate::{Body, IntoResponse, Problem, Request, Response};

type BoxError = Box<dyn Error + Send + Sync>;

/// Any [`tower_layer::Layer`] over HTTP as a middleware: of an application with [`App::layer`](crate::App::layer), of a blueprint or a
/// route with `with(Tower::new(...))`. Feature `tower`.
///
/// ```
/// use std::task::{Context, Poll};
/// use cello::middleware::Tower;
/// use cello::prelude::*;
///
/// /// A layer as tower has them: it names the program in every request.
/// #[derive(Clone)]
/// struct Named(&'static str);
///
/// #[derive(Clone)]
/// struct Naming<S>(&'static str, S);
///
/// impl<S> tower_layer::Layer<S> for Named {
///     type Service = Naming<S>;
///
///     fn layer(&self, inner: S) -> Naming<S> {
///         Naming(self.0, inner)
///     }
/// }
///
/// impl<S: tower_service::Service<Request>> tower_service::Service<Request> for Naming<S> {
///     type Response = S::Response;
///     type Error = S::Error;
///     type Future = S::Future;
///
///     fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
///         self.1.poll_ready(cx)
///     }
///
///     fn call(&mut self, mut request: Request) -> S::Future {
///         request.headers_mut().insert("x-program", HeaderValue::from_static(self.0));
///         self.1.call(request)
///     }
/// }
///
/// #[get("/", with(Tower::new(Named("route"))))]
/// async fn index(headers: &HeaderMap) -> String {
///     format!("{:?}", headers["x-program"])
/// }
///
/// #[get("/other")]
/// async fn other(headers: &HeaderMap) -> String {
///     format!("{:?}", headers["x-program"])
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![index, other]).layer(Named("application")));
/// assert_eq!(client.get("/").send().text(), "\"route\"");
/// assert_eq!(client.get("/other").send().text(), "\"application\"");
/// ```
///
/// # What it does
/// - **The layer is applied once**, when the application starts, so that what its service shares counts for all requests: of
///   tower's `ConcurrencyLimitLayer::new(10)`, ten places in all. Each request is given a clone of the service, which is first
///   waited for until it is ready. A service that cannot be cloned (tower's `RateLimit`) goes behind a `BufferLayer`.
/// - **Several layers** at once are a `tower::ServiceBuilder` or a tuple of them; all errors come out of the outermost.
/// - **What stands further in runs where the request runs**, also if a layer moves its service to another task, as tower's
///   `Buffer` does. It is cancelled when a layer drops the future of its inner service, as a timeout does.
///
/// # What a layer should do
/// - It answers itself, or calls the service inside it once, with the request's extensions as they are. A request whose extensions have
///   been lost is a 500. A second call with the same request, as of a retry, is a 503: the rest of the stack runs once.
/// - A layer that lets its inner service work on after it has answered (a `spawn`) has it cancelled with the answer.
/// - The kinds of bodies are free: `http_body::Body` over `Bytes`, there and back.
///
/// # Errors
/// What stands inside has no errors, only responses. So an error is one of the layer, which says that it does not
/// serve now: it is overloaded, waited too long, or is closed. It is logged with its route and answered with a 503
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 15.6.4), a timeout too, as by [`Timeout`](crate::Timeout). [`on_error`](Self::on_error)
/// decides otherwise.
///
/// # Defaults
/// None.
///
/// # Cost
/// A clone of the service and eight allocations for each request, beside those of the layer: a box for its future, and the way from the end of
/// the layer's service to what stands further in, which leads through the extensions of the request.
pub struct Tower {
    layered: Box<dyn Layered>,
    answer: Option<Answer>,
}

/// What [`Tower::new`] and [`App::layer`](crate::App::layer) take: every [`Layer`] that makes a service `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layer of tower around requests",
    label = "expected a layer of tower",
    note = "help: a middleware of Cello, such as `Logging::new()` or an `async fn(Request, Next<'_>) -> Response`, is added by `.with(...)`"
)]
pub trait TowerLayer<S> {
    #[doc(hidden)]
    fn around(&self, tail: Tail) -> S;
}

#[diagnostic::do_not_recommend]
impl<L, S> TowerLayer<S> for L
where
    L: Layer<Tail, Service = S>,
    S: Service<Request>,
{
    fn around(&self, tail: Tail) -> S {
        self.layer(tail)
    }
}

/// Of what is no layer it leaves open which service it would make: see [`Nothing`].
#[diagnostic::do_not_recommend]
impl<L: Nothing> TowerLayer<Anything> for L {
    fn around(&self, _: Tail) -> Anything {
        Anything
    }
}

type Answer = Box<dyn Fn(BoxError) -> Response + Send + Sync>;

impl Tower {
    /// With this layer.
    #[must_use]
    pub fn new<L, S, B>(layer: L) -> Self
    where
        L: TowerLayer<S> + Send + Sync + 'static,
        S: Service<Request, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        Self { layered: Box::new(Once { layer, service: OnceLock::new() }), answer: None }
    }

    /// Answers errors of the layer otherwise than with a 503. They are not logged then.
    ///
    /// ```no_run
    /// use cello::middleware::Tower;
    /// use cello::prelude::*;
    ///
    /// # #[derive(Debug)] struct Elapsed;
    /// # impl std::fmt::Display for Elapsed {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("elapsed") }
    /// # }
    /// # impl std::error::Error for Elapsed {}
    /// fn gateway(tower: Tower) -> Tower {
    ///     tower.on_error(|error| {
    ///         let too_late = error.is::<Elapsed>(); // the error type of the layer
    ///         Problem::new(if too_late { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::SERVICE_UNAVAILABLE })
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn on_error<F, R>(mut self, answer: F) -> Self
    where
        F: Fn(Box<dyn Error + Send + Sync>) -> R + Send + Sync + 'static,
        R: IntoResponse,
    {
        self.answer = Some(Box::new(move |error| answer(error).into_response()));
        self
    }

    #[cold]
    fn failed(&self, error: BoxError, call: &Call<'_>) -> Response {
        if let Some(answer) = &self.answer {
            return answer(error);
        }
        let here = Here { route: call.route(), request_id: Some(call.facts.request_id().clone()) };
        crate::error::log_failure_at(here, "a tower layer", &*error);
        Problem::new(StatusCode::SERVICE_UNAVAILABLE).into_response()
    }
}

impl Middleware for Tower {
    async fn handle<'a>(&'a self, mut request: Request, next: Next<'a, impl Handle>) -> Response {
        let call = next.passing.call;
        let (way, handed) = handover();
        request.extensions_mut().insert(way);
        let layered = self.layered.call(request);
        let answered = Beside::new(layered, handed, |request| next.run(request)).await;
        answered.unwrap_or_else(|error| self.failed(error, call))
    }

    /// That of the layer.
    fn name(&self) -> String {
        self.layered.name()
    }

    /// Applies the layer. In a test it is the first request that does.
    fn start(&self) {
        self.layered.start();
    }
}

impl fmt::Debug for Tower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tower").field("layer", &self.layered.name()).finish_non_exhaustive()
    }
}

/// A layer whose type is forgotten: a `with(...)` in an attribute takes types that can be written.
trait Layered: Send + Sync {
    fn start(&self);
    fn call(&self, request: Request) -> BoxFuture<'static, Result<Response, BoxError>>;
    fn name(&self) -> String;
}

/// A layer, and its service as soon as it has been applied.
struct Once<L, S> {
    layer: L,
    service: OnceLock<S>,
}

impl<L: TowerLayer<S>, S> Once<L, S> {
    fn service(&self) -> &S {
        self.service.get_or_init(|| self.layer.around(Tail(())))
    }
}

impl<L, S, B> Layered for Once<L, S>
where
    L: TowerLayer<S> + Send + Sync + 'static,
    S: Service<Request, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn start(&self) {
        self.service();
    }

    fn call(&self, request: Request) -> BoxFuture<'static, Result<Response, BoxError>> {
        let mut service = self.service().clone();
        Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(Body::new))
        })
    }

    fn name(&self) -> String {
        // Of a tuple it would be that of its first layer.
        if std::any::type_name::<L>().starts_with('(') { "Tower".to_owned() } else { named::<L>() }
    }
}

/// What a layer is put around: the service that hands each request on to the rest of the stack. It is always ready and never fails.
#[derive(Debug, Clone)]
pub struct Tail(());

impl<B> Service<http::Request<B>> for Tail
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Rest;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Rest {
        let mut request = request.map(Body::new);
        let way = request.extensions_mut().remove::<Way>();
        Rest::new(request, way)
    }
}
