//! A panic is a 500 for its request alone, wherever it happens, and the log names the route.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "these are tests")]

use std::convert::Infallible;
use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use cello::prelude::*;
use cello::testing::TestClient;

const SECRET: &str = "the secret reason";

#[get("/fine")]
async fn fine() -> &'static str {
    "fine"
}

#[get("/sync")]
fn sync() -> &'static str {
    panic!("{SECRET}")
}

#[get("/async")]
async fn at_once() -> &'static str {
    panic!("{SECRET}")
}

#[get("/async/later")]
async fn later() -> &'static str {
    tokio::task::yield_now().await;
    panic!("{SECRET}")
}

#[get("/blocking", blocking)]
fn blocking() -> &'static str {
    panic!("{SECRET}")
}

/// Panics when a handler's future, or its arguments, are dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("{SECRET}");
        }
    }
}

#[get("/drop")]
async fn dropped() -> &'static str {
    let _bomb = Bomb;
    tokio::task::yield_now().await;
    "dropped"
}

#[get("/drop/sync")]
fn dropped_sync() -> &'static str {
    let _bomb = Bomb;
    "dropped"
}

#[get("/drop/timeout", timeout = std::time::Duration::from_millis(5))]
async fn dropped_by_timeout() -> &'static str {
    let _bomb = Bomb;
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    "never"
}

struct Exploding;

impl FromRequest for Exploding {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        tokio::task::yield_now().await;
        panic!("{SECRET}")
    }
}

#[get("/extractor")]
async fn extractor(_: Exploding) -> &'static str {
    "never"
}

#[get("/extractor/optional")]
async fn extractor_optional(_: Option<Exploding>) -> &'static str {
    "never"
}

#[get("/guard", guard(Exploding))]
async fn guarded() -> &'static str {
    "never"
}

struct BadParam;

impl FromParam<'_> for BadParam {
    const EXPECTED: &'static str = "anything else";

    fn from_param(_: &str) -> Option<Self> {
        panic!("{SECRET}")
    }
}

#[get("/parameter/<id>")]
async fn parameter(id: BadParam) -> &'static str {
    let BadParam = id;
    "never"
}

struct BadAnswer;

impl IntoResponse for BadAnswer {
    fn into_response(self) -> Response {
        panic!("{SECRET}")
    }
}

#[get("/answer")]
async fn answer() -> BadAnswer {
    BadAnswer
}

#[get("/answer/sync")]
fn answer_sync() -> BadAnswer {
    BadAnswer
}

async fn exploding(request: Request, next: Next<'_>) -> Response {
    let response = next.run(request).await;
    if response.status() == 200 {
        panic!("{SECRET}");
    }
    response
}

#[get("/middleware", with(exploding))]
async fn middleware() -> &'static str {
    "never"
}

struct BadStream(u8);

impl futures_core::Stream for BadStream {
    type Item = Result<&'static str, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 1;
        if self.0 == 2 {
            panic!("{SECRET}");
        }
        Poll::Ready(Some(Ok("piece")))
    }
}

#[get("/stream")]
async fn stream() -> Streaming<BadStream> {
    Streaming(BadStream(0))
}

async fn outer(request: Request, next: Next<'_>) -> Response {
    let explode = request.headers().contains_key("x-outer");
    let mut response = next.run(request).await;
    if explode {
        panic!("{SECRET}");
    }
    response.headers_mut().insert("x-outer", HeaderValue::from_static("seen"));
    response
}

async fn inner(request: Request, next: Next<'_>) -> Response {
    if request.headers().contains_key("x-inner") {
        panic!("{SECRET}");
    }
    next.run(request).await
}

#[derive(Clone)]
struct BadService;

impl tower_service::Service<Request> for BadService {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if request.uri().path() == "/fallback/call" {
            panic!("{SECRET}");
        }
        Box::pin(async { panic!("{SECRET}") })
    }
}

fn add(told: &AtomicUsize, count: usize) {
    told.fetch_add(count, Relaxed);
}

#[get("/hooks")]
async fn hooks(told: &Arc<AtomicUsize>) -> Response {
    let (first, last) = (Arc::clone(told), Arc::clone(told));
    "hooks".into_response().map(|body: Body| {
        body.on_end(move |_| add(&first, 1)).on_end(|_| panic!("{SECRET}")).on_end(move |_| add(&last, 10))
    })
}

#[derive(AppState)]
struct Told(Arc<AtomicUsize>);

/// A body whose end nobody may ask for.
struct BadEnd;

impl http_body::Body for BadEnd {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        panic!("{SECRET}")
    }

    fn size_hint(&self) -> http_body::SizeHint {
        panic!("{SECRET}")
    }
}

#[get("/bad-end")]
async fn bad_end(told: &Arc<AtomicUsize>) -> Response {
    let told = Arc::clone(told);
    Response::new(Body::new(BadEnd).on_end(move |_| add(&told, 1)))
}

/// Takes the response with it.
async fn late(request: Request, next: Next<'_>) -> Response {
    let late = request.headers().contains_key("late");
    let response = next.run(request).await;
    if late {
        panic!("{SECRET}");
    }
    response
}

fn client() -> TestClient {
    TestClient::new(
        App::new(routes![
            fine,
            sync,
            at_once,
            later,
            blocking,
            dropped,
            dropped_sync,
            dropped_by_timeout,
            extractor,
            extractor_optional,
            guarded,
            parameter,
            answer,
            answer_sync,
            middleware,
            stream,
        ])
        .with(outer)
        .with(inner)
        .fallback_service(BadService),
    )
}

/// The log of what runs inside `during`, on any thread.
fn logged(during: impl FnOnce()) -> String {
    static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    static SUBSCRIBED: std::sync::Once = std::sync::Once::new();

    struct Log;
    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    SUBSCRIBED.call_once(|| {
        tracing_subscriber::fmt().with_ansi(false).with_writer(|| Log).init();
    });
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clear();
    during();
    let log = std::mem::take(&mut *LOG.lock().unwrap_or_else(PoisonError::into_inner));
    String::from_utf8(log).unwrap()
}

#[test]
fn a_panic_is_a_500_and_the_next_request_works() {
    let client = client();
    for (target, handler) in [
        ("/sync", "sync"),
        ("/async", "at_once"),
        ("/async/later", "later"),
        ("/blocking", "blocking"),
        ("/drop", "dropped"),
        ("/drop/sync", "dropped_sync"),
        ("/extractor", "extractor"),
        ("/extractor/optional", "extractor_optional"),
        ("/guard", "guarded"),
        ("/parameter/1", "parameter"),
        ("/answer", "answer"),
        ("/answer/sync", "answer_sync"),
        ("/middleware", "middleware"),
    ] {
        let log = logged(|| {
            let response = client.get(target).send();
            assert_eq!(response.status(), 500, "{target}");
            assert_eq!(response.header("content-type"), Some("application/problem+json"));
            assert_eq!(
                response.text(),
                r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#
            );
            // The middleware around it goes on as for any response.
            assert_eq!(response.header("x-outer"), Some("seen"), "{target}");
            assert_eq!(client.get("/fine").send().text(), "fine", "after {target}");
        });
        let pattern = if target == "/parameter/1" { "/parameter/<id>" } else { target };
        // Other tests log at the same time.
        let lines: Vec<_> =
            log.lines().filter(|line| line.contains(&format!("route=\"{pattern}\""))).collect();
        assert_eq!(lines.len(), 1, "{target}: {log}");
        assert!(lines[0].contains("ERROR") && lines[0].contains(SECRET), "{target}: {log}");
        assert!(lines[0].contains(&format!("handler=panics::{handler}")), "{target}: {log}");
    }
}

#[test]
fn a_panic_in_a_middleware_is_seen_by_those_outside_it() {
    let client = client();
    for (name, seen) in [("x-inner", Some("seen")), ("x-outer", None)] {
        let log = logged(|| {
            let response = client.get("/fine").header(name, "").send();
            assert_eq!(response.status(), 500, "{name}");
            assert_eq!(response.header("x-outer"), seen);
            assert_eq!(client.get("/fine").send().text(), "fine");
        });
        assert!(log.contains("route=\"/fine\"") && log.contains(SECRET), "{log}");
    }
}

#[test]
fn a_panic_of_a_function_given_to_a_member_is_seen_by_those_outside_it() {
    fn boom() -> String {
        panic!("{SECRET}")
    }
    let nosniff = || SecurityHeaders::none().nosniff(true);
    let ids = || RequestIds::new().make_with(boom);
    let never_waits = TestClient::new(App::new(routes![fine]).with(nosniff()).with(ids()).enable_cors());
    let may_wait =
        TestClient::new(App::new(routes![fine]).with(nosniff()).with(ids()).enable_cors().with(outer));
    for client in [never_waits, may_wait] {
        let response = client.get("/fine").send();
        assert_eq!(response.status(), 500);
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("access-control-allow-origin"), None);
        assert!(!response.text().contains(SECRET));
    }
}

#[test]
fn a_panic_of_a_function_asked_by_a_member_is_a_500() {
    let metrics = Metrics::new();
    metrics.add_text(|| panic!("{SECRET}"));
    let client = TestClient::new(App::new(routes![fine]).enable_cors().with(metrics));
    let response = client.get("/metrics").send();
    assert_eq!(
        (response.status().as_u16(), response.header("access-control-allow-origin")),
        (500, Some("*"))
    );
    assert_eq!(client.get("/fine").send().text(), "fine");

    let compression = Compression::new().min_size(1).content_types(|_| panic!("{SECRET}"));
    let client = TestClient::new(App::new(routes![fine]).enable_cors().with(compression));
    let response = client.get("/fine").header("accept-encoding", "gzip").send();
    assert_eq!(
        (response.status().as_u16(), response.header("access-control-allow-origin")),
        (500, Some("*"))
    );

    let cors = Cors::new().allow_origin_fn(|_| panic!("{SECRET}"));
    let nosniff = SecurityHeaders::none().nosniff(true);
    let client = TestClient::new(App::new(routes![fine]).with(nosniff).with(cors));
    let response = client.get("/fine").header("origin", "https://a.example").send();
    assert_eq!(
        (response.status().as_u16(), response.header("x-content-type-options")),
        (500, Some("nosniff"))
    );
}

/// Whoever panics, what is logged has the id that the client is told.
#[test]
fn a_panic_is_logged_with_the_id_of_the_request() {
    let app = || App::new(routes![fine, at_once, guarded]).enable_request_id();
    let cors = || Cors::new().allow_origin_fn(|_| panic!("{SECRET}"));
    for (client, target, who) in [
        (TestClient::new(app()), "/async", "a handler panicked"),
        (TestClient::new(app()), "/guard", "a guard panicked"),
        (TestClient::new(app().with(cors())), "/fine", "a middleware panicked"),
        (TestClient::new(app().with(outer).with(cors())), "/fine", "a middleware panicked"),
        (TestClient::new(app().with(inner)), "/fine", "a middleware panicked"),
        (TestClient::new(app().with(late)), "/fine", "a middleware panicked"),
        (
            TestClient::new(app().fallback_service(BadService)),
            "/fallback/call",
            "the fallback service panicked",
        ),
    ] {
        let mut id = String::new();
        let log = logged(|| {
            let request = client.get(target).header("origin", "https://a.example").header("late", "");
            let response = request.header("x-inner", "").send();
            assert_eq!(response.status(), 500, "{target}");
            id = response.header("x-request-id").unwrap().to_owned();
        });
        let has_both = |line: &str| line.contains(who) && line.contains(&format!("request_id={id}"));
        assert!(log.lines().any(has_both), "{who}: {id} is not in {log}");
    }
}

#[test]
fn a_panic_in_the_fallback_service() {
    let client = client();
    for target in ["/fallback/call", "/fallback/future"] {
        let log = logged(|| {
            let response = client.get(target).send();
            assert_eq!(
                (response.status().as_u16(), response.header("x-outer")),
                (500, Some("seen")),
                "{target}"
            );
        });
        assert!(log.contains(SECRET), "{log}");
    }
}

#[test]
fn a_handler_that_panics_when_it_is_cancelled_has_timed_out() {
    let client = client();
    assert_eq!(client.get("/drop/timeout").send().status(), 503);
    assert_eq!(client.get("/fine").send().text(), "fine");
}

#[test]
fn a_body_that_panics_fails() {
    let client = client();
    let log = logged(|| {
        let response = client.get("/stream").send();
        assert_eq!(response.status(), 200);
        assert!(response.try_bytes().is_err());
    });
    assert!(log.contains(SECRET), "{log}");
    assert_eq!(client.get("/fine").send().text(), "fine");
}

#[test]
fn a_function_that_panics_at_the_end_of_a_body_harms_nothing_else() {
    let told = Arc::new(AtomicUsize::new(0));
    let client = TestClient::new(App::new(routes![hooks, bad_end]).state(Told(Arc::clone(&told))).with(late));
    let log = logged(|| {
        assert_eq!(client.get("/hooks").send().text(), "hooks");
        assert_eq!(told.swap(0, Relaxed), 11);
        assert_eq!(client.get("/bad-end").send().text(), "");
        assert_eq!(told.swap(0, Relaxed), 1);
    });
    assert!(log.contains("a function given to `Body::on_end` panicked: the secret reason"), "{log}");
    assert!(log.contains("a body panicked: the secret reason"), "{log}");
    // Dropped by a panic, a second one would end the process.
    assert_eq!(client.get("/hooks").header("late", "1").send().status(), 500);
    assert_eq!(told.swap(0, Relaxed), 11);
    assert_eq!(client.get("/bad-end").header("late", "1").send().status(), 500);
    assert_eq!(told.swap(0, Relaxed), 1);
}

#[test]
fn state_whose_making_panics_keeps_the_application_from_starting() {
    struct Store;
    impl AppState for Store {
        fn provide(&self, _: std::any::TypeId) -> Option<&(dyn std::any::Any + Send + Sync)> {
            None
        }
    }
    let ready = Arc::new(false);
    let app = App::new(routes![fine]).state_with(|| async move {
        assert!(*ready, "{SECRET}");
        Store
    });
    assert!(TestClient::builder(app).try_build().is_err());
}
