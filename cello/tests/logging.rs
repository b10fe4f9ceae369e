//! The log of requests: what is in it, when, and where it goes.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod printed;

use std::io;
use std::pin::Pin;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use cello::middleware::logging::{LogFormat, LogLevel, LogOutput};
use cello::prelude::*;
use cello::testing::TestClient;
use cello::{Clock, Time};
use http_body::Body as _;
use serde_json::Value;
use tower_service::Service;

use printed::Printed;

#[get("/users/<id>")]
async fn user(id: u32) -> String {
    format!("user {id}")
}

#[get("/text/<len>")]
async fn text(len: usize) -> String {
    "x".repeat(len)
}

#[get("/pieces")]
async fn pieces() -> Body {
    Body::from_stream(Pieces(vec!["three", "two", "one"]))
}

#[get("/fails")]
async fn fails() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[get("/panics")]
async fn panics() -> StatusCode {
    panic!("on purpose")
}

#[get("/never")]
async fn never() {
    std::future::pending::<()>().await;
}

#[get("/empty/<status>")]
async fn empty(status: u16) -> (StatusCode, &'static str) {
    (StatusCode::from_u16(status).unwrap(), "not sent")
}

#[get("/stated")]
async fn stated() -> ([(HeaderName, &'static str); 1], Body) {
    ([(header::CONTENT_LENGTH, "3")], Body::from_stream(Pieces(vec!["one"])))
}

#[get("/id")]
async fn id(id: RequestId) -> String {
    id.to_string()
}

#[get("/health/live")]
async fn live() {}

struct Pieces(Vec<&'static str>);

impl futures_core::Stream for Pieces {
    type Item = io::Result<&'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.pop().map(Ok))
    }
}

macro_rules! app {
    () => {
        App::new(routes![user, text, pieces, fails, panics, never, empty, stated, id, live])
    };
}

/// Runs `test` with the application, where all events are printed as JSON.
fn with<A: Application>(app: A, test: impl AsyncFnOnce(cello::AppService<A::Stack>, Printed)) {
    let printed = Printed::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LogLevel::TRACE)
        .json()
        .flatten_event(true)
        .with_writer(printed.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { test(app.into_service().await.unwrap(), printed).await });
    });
}

fn request(method: Method, target: &str) -> Request {
    http::Request::builder().method(method).uri(target).body(Body::empty()).unwrap()
}

async fn get<S>(service: &mut S, target: &str) -> Response
where
    S: Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    service.call(request(Method::GET, target)).await.unwrap()
}

async fn read<S>(service: &mut S, target: &str) -> String
where
    S: Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    let body = get(service, target).await.into_body().collect(1_000_000).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn a_request_is_one_event_with_all_that_there_is_to_say() {
    with(app!().enable_logging(), async |mut service, printed| {
        assert_eq!(read(&mut service, "/users/7?token=secret").await, "user 7");
        let access = printed.access();
        assert_eq!(access["level"], "INFO");
        assert_eq!(access["message"], "request");
        assert_eq!(access["method"], "GET");
        assert_eq!(access["route"], "/users/<id>");
        assert_eq!(access["path"], "/users/7");
        assert_eq!(access["status"], 200);
        assert_eq!(access["bytes"], 6);
        assert_eq!(access["aborted"], false);
        assert!(access["duration_ms"].as_f64().unwrap() >= 0.0);
        assert!(access["request_id"].as_str().unwrap().contains('-'));
        let known = ["timestamp", "level", "target", "message", "method", "route", "path", "status", "bytes"];
        let known = [&known[..], &["aborted", "duration_ms", "request_id"]].concat();
        assert!(access.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{access}");
    });
}

#[test]
fn queries_and_headers_are_not_logged() {
    with(app!().enable_logging(), async |mut service, printed| {
        for target in [
            "/users/7?token=secret",
            "/users/x?token=secret",
            "/nowhere?token=secret",
            "/panics?token=secret",
        ] {
            let mut request = request(Method::GET, target);
            request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer secret"));
            request.headers_mut().insert("x-request-id", HeaderValue::from_static("secret"));
            drop(service.call(request).await);
        }
        assert_eq!(printed.accesses().len(), 4);
        assert!(!printed.text().contains("secret"));
    });
}

#[test]
fn answers_without_a_handler_are_logged_too() {
    with(app!().enable_logging(), async |mut service, printed| {
        for (method, target, status, route, level) in [
            (Method::GET, "/nowhere", 404, "-", "INFO"),
            (Method::POST, "/users/7", 405, "-", "INFO"),
            (Method::OPTIONS, "/users/7", 204, "-", "INFO"),
            (Method::GET, "/users/x", 400, "/users/<id>", "INFO"),
            (Method::GET, "/fails", 500, "/fails", "ERROR"),
            (Method::GET, "/panics", 500, "/panics", "ERROR"),
        ] {
            let response = service.call(request(method.clone(), target)).await.unwrap();
            let body = response.into_body().collect(10_000).await.unwrap();
            let accesses = printed.accesses();
            let access = accesses.last().unwrap();
            let seen =
                (&access["method"], &access["status"], &access["route"], &access["level"], &access["bytes"]);
            let expected =
                (&method.as_str().into(), &status.into(), &route.into(), &level.into(), &body.len().into());
            assert_eq!(seen, expected);
            assert_eq!(access["aborted"], false, "{target}");
        }
        assert_eq!(printed.accesses().len(), 6, "one for each");
    });
}

#[test]
fn preflights_are_logged_with_the_answer_that_they_get() {
    with(
        app!().with(Cors::new().allow_origin("https://a.example")).enable_logging(),
        async |mut service, printed| {
            for (origin, method, status) in [
                ("https://a.example", "GET", 204),
                ("https://a.example", "PUT", 405),
                ("https://b.example", "GET", 403),
            ] {
                let mut request = request(Method::OPTIONS, "/users/7");
                request.headers_mut().insert("origin", HeaderValue::from_static(origin));
                request
                    .headers_mut()
                    .insert("access-control-request-method", HeaderValue::from_static(method));
                assert_eq!(service.call(request).await.unwrap().status(), status);
                let accesses = printed.accesses();
                let access = accesses.last().unwrap();
                assert_eq!((&access["method"], &access["status"]), (&"OPTIONS".into(), &status.into()));
            }
            assert_eq!(printed.accesses().len(), 3);
        },
    );
}

#[test]
fn it_is_logged_when_the_body_has_ended() {
    with(app!().enable_logging(), async |mut service, printed| {
        let mut body = get(&mut service, "/pieces").await.into_body();
        for piece in ["one", "two", "three"] {
            assert!(printed.accesses().is_empty(), "before {piece}");
            assert_eq!(body.next_data().await.unwrap().unwrap(), piece);
        }
        assert_eq!(body.next_data().await.unwrap(), None);
        let access = printed.access();
        assert_eq!((&access["bytes"], &access["aborted"]), (&11.into(), &false.into()));
        drop(body);
        assert_eq!(printed.accesses().len(), 1);
    });
}

#[test]
fn a_client_that_leaves_during_the_body_is_an_abort() {
    with(app!().enable_logging(), async |mut service, printed| {
        let mut body = get(&mut service, "/pieces").await.into_body();
        body.next_data().await.unwrap();
        drop(body);
        let access = printed.access();
        assert_eq!(
            (&access["status"], &access["bytes"], &access["aborted"]),
            (&200.into(), &3.into(), &true.into())
        );
    });
}

#[test]
fn a_client_that_leaves_before_there_is_an_answer_is_an_abort_without_a_status() {
    with(app!().enable_logging(), async |mut service, printed| {
        let mut answer = Box::pin(service.call(request(Method::GET, "/never")));
        assert!(answer.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert!(printed.accesses().is_empty());
        drop(answer);
        let access = printed.access();
        assert_eq!((&access["route"], &access["aborted"]), (&"/never".into(), &true.into()));
        assert_eq!(access.get("status"), None);
    });
}

#[test]
fn what_has_no_body_to_send_is_no_abort() {
    with(app!().enable_logging(), async |mut service, printed| {
        for target in ["/users/7", "/pieces", "/text/100000"] {
            drop(service.call(request(Method::HEAD, target)).await);
        }
        for target in ["/empty/204", "/empty/304"] {
            drop(get(&mut service, target).await);
        }
        for access in printed.accesses() {
            assert_eq!((&access["aborted"], &access["bytes"]), (&false.into(), &0.into()), "{access}");
        }
        assert_eq!(printed.accesses().len(), 5);
    });
}

#[test]
fn a_server_that_has_sent_what_it_stated_asks_for_no_more() {
    with(app!().enable_logging(), async |mut service, printed| {
        let mut body = get(&mut service, "/stated").await.into_body();
        body.next_data().await.unwrap();
        assert!(!body.is_end_stream());
        drop(body);
        assert_eq!(printed.access()["aborted"], false);
    });
}

struct Panicking;

impl Middleware for Panicking {
    async fn handle<'a>(&'a self, _: Request, _: Next<'a, impl Handle>) -> Response {
        panic!("on purpose")
    }
}

#[test]
fn a_middleware_that_panics_is_logged_as_the_500_that_it_is() {
    with(app!().enable_logging().with(Panicking), async |mut service, printed| {
        let response = get(&mut service, "/users/7").await;
        assert_eq!(response.status(), 500);
        response.into_body().collect(10_000).await.unwrap();
        let access = printed.access();
        assert_eq!((&access["status"], &access["aborted"]), (&500.into(), &false.into()));
        assert_eq!(access["level"], "ERROR");
    });
}

#[test]
fn bytes_are_those_that_pass_here() {
    with(app!().enable_logging().enable_compression().enable_logging(), async |mut service, printed| {
        let mut request = request(Method::GET, "/text/10000");
        request.headers_mut().insert("accept-encoding", HeaderValue::from_static("gzip"));
        let response = service.call(request).await.unwrap();
        let sent = response.into_body().collect(10_000).await.unwrap().len();
        let mut bytes: Vec<u64> =
            printed.accesses().iter().map(|access| access["bytes"].as_u64().unwrap()).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, [sent as u64, 10_000], "outside and inside");
        let ids: Vec<Value> = printed.accesses().iter().map(|access| access["request_id"].clone()).collect();
        assert_eq!(ids[0], ids[1], "it is one request");
    });
}

#[derive(Clone)]
struct Hands(Instant, Arc<AtomicU64>);

impl Time for Hands {
    fn now(&self) -> Instant {
        self.0 + Duration::from_micros(self.1.load(Ordering::Relaxed))
    }
}

#[test]
fn the_duration_ends_with_the_body() {
    let hands = Hands(Instant::now(), Arc::default());
    let clock = Clock::new(hands.clone());
    with(app!().clock(clock).enable_logging(), async |mut service, printed| {
        let mut body = get(&mut service, "/pieces").await.into_body();
        hands.1.fetch_add(1_500, Ordering::Relaxed);
        while body.next_data().await.unwrap().is_some() {
            hands.1.fetch_add(1_000, Ordering::Relaxed);
        }
        hands.1.fetch_add(5_000, Ordering::Relaxed);
        drop(body);
        assert_eq!(printed.access()["duration_ms"], 4.5);
    });
}

#[test]
fn no_path_can_forge_a_line_or_fill_the_disk() {
    with(app!().enable_logging(), async |mut service, printed| {
        let long = format!("/{}", "a".repeat(20_000));
        for (target, path) in [
            ("/a%0d%0ab", "/a%0d%0ab"),
            ("/a\u{85}b\u{2028}c", "/a\\u{85}b\\u{2028}c"),
            ("/a\u{202e}b", "/a\\u{202e}b"),
            ("/k\u{e4}se\"", "/k\u{e4}se\""),
            (&long, &format!("{}...", &long[..1024])),
        ] {
            // A server is less strict than the parser of this crate's client.
            let uri = Uri::from_maybe_shared(Bytes::copy_from_slice(target.as_bytes()));
            let Ok(uri) = uri else { panic!("{target:?} does not reach the application") };
            let mut request = request(Method::GET, "/");
            *request.uri_mut() = uri;
            drop(service.call(request).await);
            assert_eq!(printed.accesses().last().unwrap()["path"], path);
        }
    });
}

#[test]
fn requests_can_be_left_out() {
    let logging = Logging::new().exclude("/health/live/").exclude("/empty/<status>").exclude("/favicon.ico");
    let logging = logging.filter(|access| access.path() != "/text/1").filter(|access| access.bytes() < 1000);
    with(app!().with(logging), async |mut service, printed| {
        for target in [
            "/health/live",
            "/health/live/",
            "/empty/200",
            "/empty/404",
            "/favicon.ico",
            "/text/1",
            "/text/1000",
            "/text/2",
            "/users/7",
        ] {
            read(&mut service, target).await;
        }
        let paths: Vec<Value> = printed.accesses().iter().map(|access| access["path"].clone()).collect();
        assert_eq!(paths, ["/text/2", "/users/7"]);
        read(&mut service, "/empty/503").await;
        assert_eq!(printed.accesses().len(), 3, "a check that fails is news");
    });
}

#[test]
fn a_filter_that_panics_leaves_the_request_in() {
    with(app!().with(Logging::new().filter(|_| panic!("on purpose"))), async |mut service, printed| {
        assert_eq!(read(&mut service, "/users/7").await, "user 7");
        assert_eq!(printed.access()["path"], "/users/7");
    });
}

#[test]
fn a_level_leaves_what_is_as_grave() {
    with(app!().with(Logging::new().min_level(LogLevel::ERROR)), async |mut service, printed| {
        for target in ["/users/7", "/nowhere", "/fails"] {
            read(&mut service, target).await;
        }
        assert_eq!(printed.access()["path"], "/fails");
    });
}

#[test]
fn a_handler_reads_the_id_that_is_logged() {
    with(app!().enable_logging(), async |mut service, printed| {
        let first = read(&mut service, "/id").await;
        let second = read(&mut service, "/id").await;
        assert_ne!(first, second);
        let logged: Vec<Value> =
            printed.accesses().iter().map(|access| access["request_id"].clone()).collect();
        assert_eq!(logged, [first, second]);
    });
}

#[test]
fn a_bad_exclusion_is_a_sentence_at_start() {
    let app = app!().with(Logging::new().exclude("health"));
    let fault = TestClient::builder(app)
        .try_build()
        .map_or_else(|error| error.to_string(), |_| "it started".to_owned());
    assert_eq!(fault, "logging: \"health\" cannot be excluded: a pattern or path begins with `/`");
}

#[test]
fn formats_have_names() {
    for format in [LogFormat::Text, LogFormat::Json] {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "xml\n".parse::<LogFormat>().unwrap_err();
    assert_eq!(error.to_string(), "there is no log format \"xml\\n\", only `text` and `json`");
}

/// Not a test of its own: what a program of the name `PROGRAM` does, in a process of its own.
#[test]
fn program() {
    fn serve(app: impl Application, install: impl FnOnce()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            install(); // after the application has been put together
            let mut service = app.into_service().await.unwrap();
            read(&mut service, "/users/7").await;
            read(&mut service, "/fails").await;
            tracing::warn!(target: "shop", stock = 3, "running out");
            tracing::debug!("a detail");
        });
    }
    let Ok(program) = std::env::var("PROGRAM") else { return };
    let own = || tracing_subscriber::fmt().without_time().with_ansi(false).with_writer(io::stderr);
    match program.as_str() {
        "text" => serve(app!().enable_logging(), || ()),
        "json" => serve(app!().with(Logging::new().json()), || ()),
        "stderr" => {
            let logging = Logging::new().output(LogOutput::Stderr).min_level(LogLevel::ERROR);
            serve(app!().with(logging), || ());
        }
        "own" => serve(app!().enable_logging(), move || own().init()),
        "scoped" => {
            tracing::subscriber::with_default(own().finish(), || serve(app!().enable_logging(), || ()));
            tracing::error!("nobody listens");
        }
        "tested" => {
            let client = TestClient::new(app!().enable_logging());
            assert_eq!(client.get("/users/7").send().text(), "user 7");
        }
        other => panic!("{other}"),
    }
}

fn output_of(program: &str) -> (Vec<String>, Vec<String>) {
    let Output { status, stdout, stderr } = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program", "--nocapture", "--test-threads=1", "--format=terse", "--quiet"])
        .env("PROGRAM", program)
        .output()
        .unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let lines = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap();
        let of_the_harness = |line: &&str| {
            line.is_empty() || *line == "." || line.starts_with("running ") || line.starts_with("test result")
        };
        text.lines().filter(|line| !of_the_harness(line)).map(str::to_owned).collect()
    };
    (lines(stdout), lines(stderr))
}

#[test]
fn without_further_ado_it_prints_lines_for_people() {
    let (stdout, stderr) = output_of("text");
    assert!(stderr.is_empty(), "{stderr:?}");
    let [first, second, third] = <[String; 3]>::try_from(stdout).unwrap();
    let words: Vec<&str> = first.split_whitespace().collect();
    let [time, "INFO", "GET", "/users/7", "200", "6", "B", took, "ms", "route=/users/<id>", id] = words[..]
    else {
        panic!("{first}")
    };
    assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
    assert!(took.parse::<f64>().is_ok(), "{took}");
    assert!(id.starts_with("id=") && id.len() > 19, "{id}");
    assert!(second.contains(" ERROR GET /fails 500 0 B "), "{second}");
    assert!(third.ends_with("  WARN shop: running out stock=3"), "{third}");
}

#[test]
fn told_to_it_prints_json() {
    let (stdout, stderr) = output_of("json");
    assert!(stderr.is_empty(), "{stderr:?}");
    let events: Vec<Value> = stdout.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 3);
    assert_eq!((&events[0]["path"], &events[0]["status"]), (&"/users/7".into(), &200.into()));
    assert_eq!((&events[1]["level"], &events[1]["status"]), (&"ERROR".into(), &500.into()));
    assert_eq!((&events[2]["message"], &events[2]["stock"]), (&"running out".into(), &3.into()));
}

#[test]
fn it_prints_to_standard_error_from_a_level_if_told_to() {
    let (stdout, stderr) = output_of("stderr");
    assert!(stdout.is_empty(), "{stdout:?}");
    let [only] = <[String; 1]>::try_from(stderr).unwrap();
    assert!(only.contains("/fails 500"), "{only}");
}

#[test]
fn a_subscriber_of_the_program_is_used_though_it_is_installed_late() {
    for program in ["own", "scoped"] {
        let (stdout, stderr) = output_of(program);
        assert!(stdout.is_empty(), "{stdout:?}");
        let [first, second, third] = <[String; 3]>::try_from(stderr).unwrap();
        assert!(first.contains("cello::access") && first.contains("route=\"/users/<id>\""), "{first}");
        assert!(second.contains("status=500"), "{second}");
        assert!(third.contains("running out"), "{third}");
    }
}

#[test]
fn a_test_client_prints_nothing() {
    assert_eq!(output_of("tested"), (vec![], vec![]));
}

/// Problems made anywhere in the stack are rendered where they arise, so that the log tells what is sent.
#[test]
fn a_rendered_problem_is_logged_as_it_is_sent() {
    async fn refuse(request: Request, next: Next<'_>) -> Response {
        if request.uri().path() == "/text/1" {
            return Problem::new(StatusCode::UNAUTHORIZED).into_response();
        }
        if request.uri().path() == "/text/2" {
            panic!("in a middleware");
        }
        next.run(request).await
    }
    #[get("/guarded", with(refuse_all))]
    async fn guarded() {}
    async fn refuse_all(_: Request, _: Next<'_>) -> Response {
        Problem::new(StatusCode::UNAUTHORIZED).into_response()
    }
    fn page(problem: &Problem, head: &http::request::Parts) -> Response {
        let page = format!("{} at {}: {}", problem.status(), head.uri, problem.title());
        ([(header::VARY, "accept")], page).into_response()
    }
    let app = App::new(routes![user, text, guarded])
        .enable_logging()
        .with(Cors::new().allow_origin("https://a.example"))
        .with(refuse)
        .render_errors(page);
    with(app, async |mut service, printed| {
        for (method, target, status) in [
            (Method::GET, "/text/1", 401),
            (Method::GET, "/text/2", 500),
            (Method::GET, "/text/x", 400),
            (Method::GET, "/guarded", 401),
            (Method::GET, "/nowhere", 404),
            (Method::OPTIONS, "/nowhere", 404),
            (Method::OPTIONS, "/text/1", 405),
        ] {
            let mut request = request(method.clone(), target);
            if method == Method::OPTIONS {
                request.headers_mut().insert("origin", HeaderValue::from_static("https://a.example"));
                request
                    .headers_mut()
                    .insert("access-control-request-method", HeaderValue::from_static("PUT"));
            }
            let response = service.call(request).await.unwrap();
            assert_eq!(response.status(), status, "{target}");
            let vary: Vec<_> = response.headers().get_all(header::VARY).iter().cloned().collect();
            let wanted = match method {
                Method::OPTIONS => {
                    "accept, origin, access-control-request-method, access-control-request-headers"
                }
                _ => "accept, origin",
            };
            assert_eq!(vary, [wanted], "{target}");
            let body = response.into_body().collect(10_000).await.unwrap();
            let text = String::from_utf8_lossy(&body);
            assert!(text.starts_with(&format!("{status} ")) && text.contains(target), "{target}: {text}");
            let accesses = printed.accesses();
            let access = accesses.last().unwrap();
            assert_eq!(access["status"], status, "{target}");
            assert_eq!(access["bytes"], body.len(), "{target}");
            assert_eq!(access["aborted"], false, "{target}");
        }
    });
}

#[get("/errors/<name..>")]
async fn errors(name: &str) -> cello::Result<String> {
    Err(cello::Error::msg(format!("no such file: {name}")))
}

#[get("/errors-panics/<name..>")]
async fn errors_panics(name: &str) -> String {
    panic!("no such file: {name}")
}

#[get("/errors-body/<name..>")]
async fn errors_body(name: String) -> Body {
    Body::from_stream(Fails(name))
}

struct Fails(String);

impl futures_core::Stream for Fails {
    type Item = io::Result<&'static str>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> std::task::Poll<Option<Self::Item>> {
        panic!("no such file: {}", self.0)
    }
}

/// A message that repeats what the client sent prints no second line, no colour, no text from right to left.
#[test]
fn no_error_forges_a_line() {
    let forged = "a%0a2026-01-01T00:00:00Z%20%20INFO%20GET%20/admin%20200%0d%1b[31m%e2%80%a8%e2%80%ae";
    let shown = r"no such file: a\n2026-01-01T00:00:00Z  INFO GET /admin 200\r\u{1b}[31m\u{2028}\u{202e}";
    with(
        App::new(routes![errors, errors_panics, errors_body]).enable_logging(),
        async |mut service, printed| {
            for (path, handler, what) in [
                ("/errors", "logging::errors", "a handler failed"),
                ("/errors-panics", "logging::errors_panics", "a handler panicked"),
                ("/errors-body", "", "a body panicked"),
            ] {
                let response = get(&mut service, &format!("{path}/{forged}")).await;
                drop(response.into_body().collect(1_000).await);
                let events = printed.events();
                let told =
                    |event: &&Value| event["message"].as_str().is_some_and(|text| text.starts_with(what));
                let event = events.iter().find(told).unwrap();
                assert_eq!(event["message"], format!("{what}: {shown}"));
                if !handler.is_empty() {
                    assert_eq!(event["route"], format!("{path}/<name..>"));
                    assert_eq!(event["handler"], handler);
                    assert_eq!(event["request_id"], printed.accesses().last().unwrap()["request_id"]);
                }
            }
        },
    );
}

/// A layer whose service refuses everything, as one of a limit does.
#[cfg(feature = "tower")]
#[derive(Clone)]
struct Refuses;

#[cfg(feature = "tower")]
impl<S> tower_layer::Layer<S> for Refuses {
    type Service = Self;

    fn layer(&self, _: S) -> Self {
        Self
    }
}

#[cfg(feature = "tower")]
impl Service<Request> for Refuses {
    type Response = Response;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> std::task::Poll<io::Result<()>> {
        std::task::Poll::Ready(Err(io::Error::other("no permit")))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        std::future::ready(Err(io::Error::other("called without being ready")))
    }
}

#[cfg(feature = "tower")]
#[test]
fn an_error_of_a_layer_is_logged_with_its_route() {
    with(app!().enable_logging().layer(Refuses), async |mut service, printed| {
        for (target, route) in [("/users/7", Some("/users/<id>")), ("/nowhere", None)] {
            let response = get(&mut service, target).await;
            assert_eq!(response.status(), 503);
            drop(response.into_body().collect(1_000).await);
            let events = printed.events();
            let failed = |event: &&Value| event["message"] == "a tower layer failed: no permit";
            let event = events.iter().rfind(failed).unwrap();
            assert_eq!(event["route"].as_str(), route, "{event}");
            assert_eq!(event["handler"].as_str(), route.map(|_| "logging::user"));
            assert_eq!(event["request_id"], printed.accesses().last().unwrap()["request_id"]);
        }
    });
}
