//! Tower both ways: layers of tower and tower-http as middleware, and an application as a service within an axum router. What hyper's own
//! server makes of one is in `as_service.rs`.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test, and handlers of tests panic

use std::convert::Infallible;
use std::future::{Ready, pending, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use behaviour::{Client, serve};
use cello::middleware::Tower;
use cello::middleware::tower::Tail;
use cello::prelude::*;
use cello::testing::TestClient;
use tokio::sync::{Notify, Semaphore};
use tower::buffer::BufferLayer;
use tower::limit::{ConcurrencyLimitLayer, RateLimitLayer};
use tower::load_shed::LoadShedLayer;
use tower::retry::{Policy, RetryLayer};
use tower::util::{MapRequestLayer, MapResponseLayer};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

const BLUE: HeaderValue = HeaderValue::from_static("blue");
const COLOUR: HeaderName = HeaderName::from_static("x-colour");

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[post("/echo")]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[get("/stream")]
async fn stream() -> Response {
    Response::new(Body::from_reader(&b"streamed"[..]))
}

/// Where handlers wait for the test, and the test for handlers.
#[derive(Clone)]
struct Gate {
    begun: Arc<Semaphore>,
    go: Arc<Notify>,
    cancelled: Arc<Semaphore>,
}

impl Gate {
    fn new() -> Self {
        Self {
            begun: Arc::new(Semaphore::new(0)),
            go: Arc::new(Notify::new()),
            cancelled: Arc::new(Semaphore::new(0)),
        }
    }
}

#[derive(AppState)]
struct Gates {
    gate: Gate,
}

/// Adds to a semaphore when it is dropped.
struct OnDrop(Arc<Semaphore>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[get("/wait")]
async fn wait(gate: &Gate) -> &'static str {
    gate.begun.add_permits(1);
    gate.go.notified().await;
    "waited"
}

#[get("/forever")]
async fn forever(gate: &Gate) -> &'static str {
    let _on_drop = OnDrop(Arc::clone(&gate.cancelled));
    pending().await
}

/// A request without a body.
fn get(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn status(service: impl Service<Request, Response = Response, Error = Infallible>, path: &str) -> u16 {
    service.oneshot(get(path)).await.unwrap().status().as_u16()
}

#[test]
fn a_header_is_set_by_a_layer_on_every_answer() {
    let app = App::new(routes![index, stream, echo]).layer(SetResponseHeaderLayer::overriding(COLOUR, BLUE));
    let mut client = Client::connect(serve(app));
    for (ask, status, body) in [
        ("GET / HTTP/1.1\r\nHost: t\r\n\r\n", 200, "hello"),
        ("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc", 200, "abc"),
        ("GET /missing HTTP/1.1\r\nHost: t\r\n\r\n", 404, "Not Found"),
    ] {
        client.send(ask.as_bytes());
        let reply = client.reply();
        assert_eq!((reply.status, reply.header("x-colour")), (status, Some("blue")), "{ask}");
        assert!(reply.text().contains(body), "{ask}: {}", reply.text());
    }
}

#[get("/route", with(Tower::new(SetResponseHeaderLayer::overriding(COLOUR, BLUE))))]
async fn at_route() -> &'static str {
    "route"
}

#[cello::blueprint("/inside", with(Tower::new(SetResponseHeaderLayer::overriding(COLOUR, BLUE))))]
mod inside {
    use super::*;

    #[get("/")]
    async fn index() -> &'static str {
        "blueprint"
    }
}

#[test]
fn layers_stand_at_blueprints_and_routes_and_inside_each_other() {
    let outer = MapResponseLayer::new(|response: Response| {
        let seen = response.headers().get(COLOUR).cloned().unwrap_or(HeaderValue::from_static("none"));
        let mut response = response;
        response.headers_mut().insert("x-seen", seen);
        response
    });
    let client = TestClient::new(App::new(routes![index, at_route, inside]).layer(outer));
    for (path, colour, seen) in
        [("/", None, "none"), ("/route", Some("blue"), "blue"), ("/inside", Some("blue"), "blue")]
    {
        let response = client.get(path).send();
        assert_eq!((response.header("x-colour"), response.header("x-seen")), (colour, Some(seen)), "{path}");
    }
}

#[test]
fn the_layer_is_what_the_table_of_routes_names() {
    let named = Tower::new(SetResponseHeaderLayer::overriding(COLOUR, BLUE));
    assert_eq!(Middleware::name(&named), "SetResponseHeaderLayer");
    let both = (SetResponseHeaderLayer::overriding(COLOUR, BLUE), TraceLayer::new_for_http());
    assert_eq!(Middleware::name(&Tower::new(both)), "Tower");
}

#[test]
fn a_trace_layer_sees_request_and_response_to_the_end_of_the_body() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (asked, answered, ended) = (Arc::clone(&seen), Arc::clone(&seen), Arc::clone(&seen));
    let trace = TraceLayer::new_for_http()
        .on_request(move |request: &Request, _: &tracing::Span| {
            asked.lock().unwrap().push(format!("{} {}", request.method(), request.uri()));
        })
        .on_response(move |response: &Response, _: Duration, _: &tracing::Span| {
            answered.lock().unwrap().push(response.status().to_string());
        })
        .on_eos(())
        .on_body_chunk(move |bytes: &Bytes, _: Duration, _: &tracing::Span| {
            ended.lock().unwrap().push(format!("{} bytes", bytes.len()));
        });
    let client = TestClient::new(App::new(routes![stream]).layer(trace));
    assert_eq!(client.get("/stream").send().text(), "streamed");
    assert_eq!(*seen.lock().unwrap(), ["GET /stream", "200 OK", "8 bytes"]);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_tower_http_cancels_the_handler() {
    let gate = Gate::new();
    let layer = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(1));
    let app = App::new(routes![index, forever]).state(Gates { gate: gate.clone() }).layer(layer);
    let service = app.into_service().await.unwrap();
    assert_eq!(status(service.clone(), "/").await, 200);
    assert_eq!(status(service, "/forever").await, 408);
    assert_eq!(gate.cancelled.available_permits(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_layer_is_a_503_or_what_the_author_says() {
    let gates = || Gates { gate: Gate::new() };
    let layer = || tower::timeout::TimeoutLayer::new(Duration::from_secs(1));
    let service = App::new(routes![forever]).state(gates()).layer(layer()).into_service().await.unwrap();
    let response = service.oneshot(get("/forever")).await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "application/problem+json");

    let tower = Tower::new(layer()).on_error(|error| {
        assert!(error.is::<tower::timeout::error::Elapsed>());
        StatusCode::GATEWAY_TIMEOUT
    });
    let service = App::new(routes![forever]).state(gates()).with(tower).into_service().await.unwrap();
    assert_eq!(status(service, "/forever").await, 504);
}

#[tokio::test]
async fn a_concurrency_limit_counts_all_requests_and_load_shed_refuses() {
    let gate = Gate::new();
    let layer =
        ServiceBuilder::new().layer(LoadShedLayer::new()).layer(ConcurrencyLimitLayer::new(1)).into_inner();
    let app = App::new(routes![index, wait]).state(Gates { gate: gate.clone() }).layer(layer);
    let service = app.into_service().await.unwrap();
    let first = tokio::spawn(status(service.clone(), "/wait"));
    gate.begun.acquire().await.unwrap().forget();
    assert_eq!(status(service.clone(), "/").await, 503);
    gate.go.notify_one();
    assert_eq!(first.await.unwrap(), 200);
    assert_eq!(status(service, "/").await, 200);
}

#[tokio::test]
async fn readiness_is_waited_for() {
    let gate = Gate::new();
    let app = App::new(routes![index, wait]).state(Gates { gate: gate.clone() });
    let service = app.layer(ConcurrencyLimitLayer::new(1)).into_service().await.unwrap();
    let first = tokio::spawn(status(service.clone(), "/wait"));
    gate.begun.acquire().await.unwrap().forget();
    let second = tokio::spawn(status(service.clone(), "/"));
    tokio::task::yield_now().await;
    assert!(!second.is_finished());
    gate.go.notify_one();
    assert_eq!((first.await.unwrap(), second.await.unwrap()), (200, 200));
}

#[tokio::test]
async fn a_request_that_is_cancelled_leaves_its_place() {
    let gate = Gate::new();
    let app = App::new(routes![index, wait]).state(Gates { gate: gate.clone() });
    let service = app.layer(ConcurrencyLimitLayer::new(1)).into_service().await.unwrap();
    let first = tokio::spawn(status(service.clone(), "/wait"));
    gate.begun.acquire().await.unwrap().forget();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(status(service, "/").await, 200);
}

#[tokio::test(start_paused = true)]
async fn a_buffer_moves_the_service_to_another_task() {
    // Tower's own rate limit cannot be cloned: behind a buffer it can.
    let layer = ServiceBuilder::new()
        .layer(BufferLayer::<Request>::new(8))
        .layer(RateLimitLayer::new(1, Duration::from_secs(60)))
        .into_inner();
    let service = App::new(routes![index, stream]).layer(layer).into_service().await.unwrap();
    let start = tokio::time::Instant::now();
    assert_eq!(status(service.clone(), "/").await, 200);
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!(status(service, "/stream").await, 200);
    assert!(start.elapsed() >= Duration::from_secs(60));
}

/// Polls its inner service in a task of its own.
#[derive(Clone)]
struct Spawned<S>(S);

impl<S> Service<Request> for Spawned<S>
where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response;
    type Error = BoxError;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let inner = tokio::spawn(self.0.call(request));
        Box::pin(async { Ok(inner.await?.unwrap()) })
    }
}

#[tokio::test]
async fn the_inner_service_may_run_on_another_task() {
    let gate = Gate::new();
    let app = App::new(routes![wait]).state(Gates { gate: gate.clone() });
    let service = app.layer(tower::layer::layer_fn(Spawned)).into_service().await.unwrap();
    let answer = tokio::spawn(status(service, "/wait"));
    gate.begun.acquire().await.unwrap().forget();
    gate.go.notify_one();
    assert_eq!(answer.await.unwrap(), 200);
}

/// Tries again whatever comes, once.
#[derive(Clone)]
struct Again(Arc<AtomicUsize>);

impl Policy<Request, Response, Infallible> for Again {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Request, result: &mut Result<Response, Infallible>) -> Option<Ready<()>> {
        let statuses = [200, 503];
        let attempt = self.0.fetch_add(1, Ordering::Relaxed);
        assert_eq!(result.as_ref().unwrap().status(), statuses[attempt]);
        (attempt == 0).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        let mut copy = get("/");
        *copy.extensions_mut() = request.extensions().clone();
        Some(copy)
    }
}

#[test]
fn the_rest_of_the_stack_runs_once_and_a_second_call_is_a_503() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let client =
        TestClient::new(App::new(routes![index]).layer(RetryLayer::new(Again(Arc::clone(&attempts)))));
    let response = client.get("/").send();
    assert_eq!((response.status().as_u16(), attempts.load(Ordering::Relaxed)), (503, 2));
}

#[test]
fn a_request_without_its_extensions_is_a_500() {
    let lose = MapRequestLayer::new(|_: Request| get("/"));
    assert_eq!(TestClient::new(App::new(routes![index]).layer(lose)).get("/").send().status(), 500);
}

#[test]
fn a_layer_may_answer_by_itself_and_change_the_path() {
    let moved = MapRequestLayer::new(|mut request: Request| {
        *request.uri_mut() = Uri::from_static("/stream");
        request
    });
    assert_eq!(
        TestClient::new(App::new(routes![index, stream]).layer(moved)).get("/").send().text(),
        "streamed"
    );
    let closed = tower::layer::layer_fn(|_: Tail| {
        tower::service_fn(|_: Request| async { Ok::<_, Infallible>(Response::new(Body::from("closed"))) })
    });
    assert_eq!(TestClient::new(App::new(routes![index]).layer(closed)).get("/").send().text(), "closed");
}

#[get("/panic")]
async fn panics() -> &'static str {
    panic!("as the test wants it")
}

#[test]
fn a_panic_inside_passes_the_layer_as_a_500_and_one_of_the_layer_is_one() {
    let blue = SetResponseHeaderLayer::overriding(COLOUR, BLUE);
    let response = TestClient::new(App::new(routes![panics]).layer(blue)).get("/panic").send();
    assert_eq!((response.status().as_u16(), response.header("x-colour")), (500, Some("blue")));
    let bad = MapRequestLayer::new(|_: Request| -> Request { panic!("as the test wants it") });
    assert_eq!(TestClient::new(App::new(routes![index]).layer(bad)).get("/").send().status(), 500);
}

/// An application within a router of axum's, served by axum.
#[tokio::test]
async fn an_application_stands_inside_an_axum_router() {
    let nested = App::new(routes![index, echo]).into_service().await.unwrap();
    let fallback = App::new(routes![at_route]).into_service().await.unwrap();
    let router = axum::Router::new()
        .route("/own", axum::routing::get(async || "axum"))
        .nest_service("/cello", nested)
        .fallback_service(fallback);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async { axum::serve(listener, router).await });
    let asked = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(address);
        for (path, status, text) in [
            ("/own", 200, "axum"),
            ("/cello", 200, "hello"),
            ("/cello/missing", 404, "Not Found"),
            ("/route", 200, "route"),
            ("/missing", 404, "Not Found"),
        ] {
            let reply = client.get(path);
            assert_eq!(reply.status, status, "{path}");
            assert!(reply.text().contains(text), "{path}: {}", reply.text());
        }
        client.send("POST /cello/echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc");
        assert_eq!(client.reply().text(), "abc");
    });
    asked.await.unwrap();
    server.abort();
}
