//! Figures for [Prometheus](https://prometheus.io): [`Metrics`].

mod http;
mod own;
mod serve_on;
mod text;

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use ::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use ::http::{HeaderValue, Method, StatusCode, request};

use self::http::{Http, Place, Sample};
use own::Registry;
pub use own::{Counter, Gauge, Histogram};
pub use serve_on::ServeOn;

use super::after::never_waits;
use super::{Middleware, Passing, Surroundings};
use crate::clock::Clock;
use crate::dispatch::{Call, has_no_content, isolate};
use crate::lock::lock;
use crate::route::RouteMeta;
use crate::{Body, Error, IntoResponse, Response, Result};

/// The bounds of durations by default, in seconds: those that Prometheus' own libraries have.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

const PATH: &str = "/metrics";

/// Counts requests, and tells [Prometheus](https://prometheus.io) in its
/// [text format](https://prometheus.io/docs/instrumenting/exposition_formats/) 0.0.4, with metrics of your own beside them.
///
/// ```
/// use cello::prelude::*;
/// use cello::middleware::metrics::Counter;
///
/// #[derive(AppState)]
/// struct Services { orders: Counter }
///
/// #[post("/orders")]
/// async fn order(orders: &Counter) -> StatusCode {
///     orders.inc();
///     StatusCode::CREATED
/// }
///
/// let metrics = Metrics::new();
/// let orders = metrics.counter("orders_total", "Orders that were taken.", &[]);
/// let app = App::new(routes![order]).state(Services { orders }).with(metrics);
///
/// let client = cello::testing::TestClient::new(app);
/// client.post("/orders").send();
/// let text = client.get("/metrics").send().text().to_owned();
/// assert!(text.contains("orders_total 1\n"));
/// assert!(text.contains("http_requests_total{method=\"POST\",route=\"/orders\",status=\"2xx\"} 1\n"));
/// ```
///
/// # What is counted
/// | metric | labels | what |
/// |---|---|---|
/// | `http_requests_total` | `method`, `route`, `status` | requests that have ended |
/// | `http_request_duration_seconds` | the same | a histogram: until the response had been handed over |
/// | `http_request_size_bytes` | the same | a histogram: bodies of requests whose length was known |
/// | `http_response_size_bytes` | the same | a histogram: bodies of responses as they leave this middleware |
/// | `http_requests_in_flight` | `route` | a gauge: requests that have not ended |
///
/// `route` is the **pattern** of the route, `/users/<id>`, never the path; requests that have none are `unmatched`. `method` is one of
/// the nine that are known, or `other`. `status` is the class, `2xx`, or `aborted` where the client left before there was a
/// response. So no client can make up labels, and memory is bounded: 60 places of 16 bytes for each route, and about 300
/// bytes for each that has been needed. A streamed body ends when its last byte has been handed over; one that is at hand, with the response.
///
/// # Where they are read
/// At a path, `/metrics` by default; the path is compared as it is, in front of the routes. Everybody who can reach it can read it.
/// Or on a port of its own, which only the monitoring reaches:
///
/// ```no_run
/// use cello::prelude::*;
///
/// # #[get("/")] async fn index() {}
/// # fn main() -> cello::Result<()> {
/// let metrics = Metrics::new().no_path();
/// let served = metrics.serve_on("127.0.0.1:9100");
/// App::new(routes![index]).with(metrics).on_start(served).run("127.0.0.1:8000")
/// # }
/// ```
///
/// Put it first, so that it counts what the others refuse. Clones share everything; one `Metrics` belongs to one application.
///
/// # Cost
/// Two looks at the clock and eight additions to counters, found by the number of the route: no lock, and no allocation once a
/// route, method and class of status have been seen, unless the response is a stream (two then).
#[derive(Clone)]
pub struct Metrics {
    path: Option<String>,
    seconds: Vec<f64>,
    shared: Arc<Figures>,
    /// The first mistake in the configuration, reported when the application starts.
    fault: Option<String>,
}

/// What all clones share.
#[derive(Default)]
struct Figures {
    /// Made for the routes of the application that it is added to; where it is called by a middleware of somebody's own, for those of
    /// the first request.
    http: OnceLock<Http>,
    own: Registry,
    foreign: Mutex<Vec<Text>>,
}

type Text = Arc<dyn Fn() -> String + Send + Sync>;

impl Metrics {
    /// At `/metrics`, with the bounds of durations that Prometheus' own libraries have, from 5 ms to 10 s. The same as
    /// `Metrics::default()`.
    #[must_use]
    pub fn new() -> Self {
        Self { path: Some(PATH.to_owned()), seconds: SECONDS.to_vec(), shared: Arc::default(), fault: None }
    }

    /// Where the figures are read: `/metrics` by default. The path of a route that is read, with or
    /// without a slash at its end, keeps the application from starting; a route with a parameter there yields.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        let is_path = path.starts_with('/')
            && path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#<>".contains(&byte));
        if !is_path {
            self.fault.get_or_insert(format!("metrics: {path:?} is no path, such as `/metrics`"));
        }
        self.path = Some(path.to_owned());
        self
    }

    /// The figures are not read at a path of the application: see [`serve_on`](Self::serve_on).
    #[must_use]
    pub fn no_path(mut self) -> Self {
        self.path = None;
        self
    }

    /// Other bounds of the durations, in seconds, each greater than the one before; 100 at most.
    #[must_use]
    pub fn duration_bounds(mut self, seconds: impl Into<Vec<f64>>) -> Self {
        self.seconds = seconds.into();
        if let Some(why) = own::unordered(&self.seconds).or(self
            .seconds
            .first()
            .filter(|first| **first <= 0.0)
            .map(|_| "a duration is greater than zero"))
        {
            self.fault.get_or_insert(format!("metrics: {why}"));
        } else if let Some(long) = self.seconds.iter().find(|seconds| nanoseconds(**seconds).is_none()) {
            self.fault.get_or_insert(format!("metrics: no request takes as long as {long} seconds"));
        }
        self
    }

    /// A counter of your own, whose name ends in `_total`, with these labels. The same name and labels give the same
    /// counter; the same name with other labels is one more of its kind.
    ///
    /// A name or label that Prometheus would not take keeps the application from starting; if it runs already, the
    /// mistake is logged, and what is counted is not shown.
    pub fn counter(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Counter {
        self.shared.own.counter(name, help, labels)
    }

    /// A gauge of your own; see [`counter`](Self::counter).
    pub fn gauge(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Gauge {
        self.shared.own.gauge(name, help, labels)
    }

    /// A gauge of your own whose value is asked for when the figures are read; see [`counter`](Self::counter).
    pub fn gauge_fn(
        &self,
        name: &str,
        help: &str,
        labels: &[(&str, &str)],
        value: impl Fn() -> f64 + Send + Sync + 'static,
    ) {
        self.shared.own.asked(name, help, labels, Arc::new(value));
    }

    /// A histogram of your own with these bounds, each greater than the one before; see [`counter`](Self::counter).
    pub fn histogram(&self, name: &str, help: &str, labels: &[(&str, &str)], bounds: &[f64]) -> Histogram {
        self.shared.own.histogram(name, help, labels, bounds)
    }

    /// Adds what another library says, in the same format: whole lines, whose metrics have names of their own.
    pub fn add_text(&self, text: impl Fn() -> String + Send + Sync + 'static) {
        lock(&self.shared.foreign).push(Arc::new(text));
    }

    /// The figures as text, for a handler of your own that shows them to whom it likes.
    pub fn render(&self) -> String {
        let mut out = String::new();
        if let Some(http) = self.shared.http.get() {
            http.write(&mut out);
        }
        self.shared.own.write(&mut out);
        let foreign = lock(&self.shared.foreign).clone();
        for text in foreign {
            out.push_str(&text());
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }

    /// Serves the figures at `/metrics`, or the path that was given, on a listener of its own: a hook for
    /// [`App::on_start`](crate::App::on_start). It serves as long as the application does, and ends after the hooks for the stop. An
    /// address that cannot be had keeps the application from starting.
    pub fn serve_on<A: fmt::Display>(&self, address: A) -> ServeOn {
        let path = self.path.clone().or_else(|| Some(PATH.to_owned()));
        ServeOn::new(Self { path, ..self.clone() }, address)
    }

    #[inline]
    fn asks_here(&self, request: &request::Parts) -> bool {
        let is_read = request.method == Method::GET || request.method == Method::HEAD;
        is_read && self.path.as_deref() == Some(request.uri.path())
    }

    /// What is counted of these routes.
    #[cold]
    fn places(&self, routes: &'static [RouteMeta]) -> Http {
        let nanoseconds: Vec<u64> =
            self.seconds.iter().map(|seconds| nanoseconds(*seconds).unwrap_or(u64::MAX)).collect();
        Http::new(routes, &nanoseconds)
    }

    /// The figures. Some are asked of functions of the application's, whose panics end here.
    fn answer(&self, call: &Call<'_>) -> Response {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(text::CONTENT_TYPE)),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        match isolate::catch_now(|| self.render()) {
            Ok(text) => (headers, text).into_response(),
            Err(panic) => call.answer_to(&panic),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Middleware for Metrics {
    never_waits!();

    #[inline]
    fn enter<'a>(
        &'a self,
        head: &mut request::Parts,
        body: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        if self.asks_here(head) {
            return ControlFlow::Break(self.answer(passing.call));
        }
        let call = passing.call;
        let http = self.shared.http.get_or_init(|| self.places(call.shared.metas));
        // Another application's routes have no place here.
        let open = std::ptr::eq(http.routes, call.shared.metas).then(|| {
            let place = http.place(call.route_index(), &head.method);
            http.begin(place);
            let at = call.shared.settings.clock.now();
            Open { http, clock: &call.shared.settings.clock, began: Some(Began::new(place, at, body)) }
        });
        ControlFlow::Continue(move |this: &Self, _: Passing<'a>, response: &mut Response| {
            if let Some(open) = open {
                open.answered(response, &this.shared);
            }
        })
    }

    fn check(&self) -> Result<()> {
        let fault = self.fault.clone();
        let fault = fault.or_else(|| self.shared.own.fault().map(|fault| format!("metrics: {fault}")));
        fault.map_or(Ok(()), |fault| Err(Error::msg(fault)))
    }

    fn check_within(&self, around: &mut Surroundings) -> Result<()> {
        around.once("metrics", &*self.shared)?;
        let http = self.shared.http.get_or_init(|| self.places(around.routes));
        if !std::ptr::eq(http.routes, around.routes) {
            return Err(Error::msg(
                "metrics: the same `Metrics` counts for another application already; make one for each, and serve both with \
                 `.serve_on(...)` or `.render()`",
            ));
        }
        let Some(path) = &self.path else { return Ok(()) };
        if around.route.is_some() {
            return Err(Error::msg(format!(
                "metrics: {} nobody would reach `{path}`; add `.no_path()`, and let the figures be read with `.serve_on(...)`",
                around.place()
            )));
        }
        if around.paths.contains(path) {
            return Err(Error::msg(format!(
                "metrics: two are read at `{path}`; give one another with `.path(...)`"
            )));
        }
        around.paths.push(path.clone());
        let bare = |path: &str| path.strip_suffix('/').unwrap_or(path).to_owned();
        let hidden = around.routes.iter().find(|route| {
            let is_read =
                route.is_any() || route.methods().iter().any(|method| ["GET", "HEAD"].contains(method));
            is_read
                && path
                    .strip_prefix(&around.base_path)
                    .is_some_and(|inside| bare(inside) == bare(route.pattern()))
        });
        hidden.map_or(Ok(()), |route| {
            let handler = route.handler();
            Err(Error::msg(format!(
                "metrics: `{path}` is the path of `{handler}` too, which nobody would reach; give the figures another with `.path(...)`"
            )))
        })
    }
}

/// So many seconds, unless they are more than 584 years.
fn nanoseconds(seconds: f64) -> Option<u64> {
    u64::try_from(Duration::try_from_secs_f64(seconds).ok()?.as_nanos()).ok()
}

/// A request that has not ended. One that is dropped was left by its client.
struct Open<'a> {
    http: &'a Http,
    clock: &'a Clock,
    /// Until it has ended.
    began: Option<Began>,
}

/// What is known of a request when it comes.
#[derive(Clone, Copy)]
struct Began {
    place: Place,
    at: Instant,
    /// `u64::MAX` where nobody knows.
    request_bytes: u64,
}

impl Began {
    #[inline]
    fn new(place: Place, at: Instant, body: &Body) -> Self {
        Self { place, at, request_bytes: body.exact_len().unwrap_or(u64::MAX) }
    }
}

impl Open<'_> {
    /// There is a response. One whose content is at hand has ended; another one does with its body.
    #[inline]
    fn answered(mut self, response: &mut Response, shared: &Arc<Figures>) {
        let Some(began) = self.began.take() else { return };
        let status = Some(response.status());
        let has_body = !began.place.is_head() && !has_no_content(response.status());
        let at_hand = || response.body().at_hand().map(|content| content.len() as u64);
        let known = if has_body { at_hand() } else { Some(0) };
        if known.is_some() {
            return self.http.ended(began, self.clock, status, known);
        }
        let (shared, clock) = (Arc::clone(shared), self.clock.clone());
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = body.on_end(move |end| {
            if let Some(http) = shared.http.get() {
                http.ended(began, &clock, status, Some(end.bytes));
            }
        });
    }
}

impl Drop for Open<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(began) = self.began {
            self.http.ended(began, self.clock, None, None);
        }
    }
}

impl Http {
    fn ended(&self, began: Began, clock: &Clock, status: Option<StatusCode>, response_bytes: Option<u64>) {
        let taken = clock.now().saturating_duration_since(began.at);
        // As many as 584 years have.
        let nanoseconds =
            taken.as_secs().saturating_mul(1_000_000_000).saturating_add(taken.subsec_nanos().into());
        self.end(
            began.place,
            status,
            Sample {
                nanoseconds,
                request_bytes: Some(began.request_bytes).filter(|bytes| *bytes < u64::MAX),
                response_bytes,
            },
        );
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics")
            .field("path", &self.path)
            .field("seconds", &self.seconds)
            .field("own", &self.shared.own)
            .finish_non_exhaustive()
    }
}
