//! How often a request allocates: at most once more than on bare hyper.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::convert::Infallible;
use std::future::Future;

use behaviour::Client;
use cello::prelude::*;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[derive(AppState)]
struct Services {
    greeting: Greeting,
}

struct Greeting(&'static str);

#[get("/")]
async fn text() -> &'static str {
    "hello"
}

#[get("/now")]
fn at_once() -> &'static str {
    "hello"
}

#[get("/from/<number>?<wanted>&<other>")]
async fn with_arguments(
    number: u64,
    wanted: Option<u64>,
    other: Option<&str>,
    greeting: &Greeting,
) -> &'static str {
    if number == 7 && wanted == Some(8) && other.is_none() { greeting.0 } else { "wrong" }
}

/// An application of these routes.
macro_rules! app {
    () => {
        App::new(routes![text, at_once, with_arguments]).state(Services { greeting: Greeting("hello") })
    };
}

/// The same answer from hyper alone.
async fn on_hyper(listener: TcpListener) {
    let answer = async |_: hyper::Request<Incoming>| {
        let mut response = hyper::Response::new(Body::from("hello"));
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, text);
        Ok::<_, Infallible>(response)
    };
    let (stream, _) = listener.accept().await.unwrap();
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

/// Allocations on the thread of the server for each request: of many requests less those of few, so that what happens
/// once does not count.
fn each<S>(serve: fn(TcpListener) -> S, path: &str) -> f64
where
    S: Future<Output = ()> + Send + 'static,
{
    let (few, many) = (100, 400);
    (all(serve, path, many) - all(serve, path, few)) / f64::from(many - few)
}

fn all<S>(serve: fn(TcpListener) -> S, path: &str, requests: u32) -> f64
where
    S: Future<Output = ()> + Send + 'static,
{
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let (address, path) = (listener.local_addr().unwrap(), path.to_owned());
    let (done, is_done) = oneshot::channel();
    let client = std::thread::spawn(move || {
        let mut client = Client::connect(address);
        for _ in 0..requests {
            assert_eq!(client.get(&path).text(), "hello");
        }
        done.send(()).unwrap();
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            tokio::spawn(serve(TcpListener::from_std(listener).unwrap()));
            let _ = is_done.await;
        });
    });
    client.join().unwrap();
    counted.count_total as f64
}

/// Allocations in the application alone, for each request that these middleware let through.
fn in_application<A: Application>(app: A, request: impl Fn() -> Request) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut service = runtime.block_on(app.into_service()).unwrap();
    let mut all = |count: u32| {
        let requests: Vec<_> = (0..count).map(|_| request()).collect();
        let counted = allocation_counter::measure(|| {
            for request in requests {
                let answered = runtime.block_on(tower_service::Service::call(&mut service, request)).unwrap();
                assert_eq!(answered.status(), 200);
            }
        });
        counted.count_total as f64
    };
    (all(400) - all(100)) / 300.0
}

#[test]
fn members_allocate_nothing_for_what_they_do_not_change() {
    // A value that is part of a larger piece of memory, as on a connection: its copies share it.
    let accepted = HeaderValue::from_static("gzip");
    let request =
        || http::Request::get("/").header("accept-encoding", &accepted).body(Body::empty()).unwrap();
    let bare = in_application(app!(), request);
    let checked = |name: &str, allocations: f64| {
        assert!(allocations <= bare + 0.1, "{name}: {allocations} allocations, without it {bare}");
    };
    checked("Compression", in_application(app!().enable_compression(), request));
    let conditional = ConditionalRequests::new().max_size(0);
    checked("ConditionalRequests", in_application(app!().with(conditional), request));
    let timeout = Timeout::new(std::time::Duration::from_secs(10));
    checked("Timeout", in_application(app!().with(timeout), request));
    checked("BodyLimit", in_application(app!().with(BodyLimit::new(1000)), request));
    checked("ConcurrencyLimit", in_application(app!().with(ConcurrencyLimit::new(10)), request));
    let limit = RateLimit::per_second(1_000_000).fields(false);
    checked("RateLimit", in_application(app!().with(limit), request));
    let limit = ConcurrencyLimit::new(10).queue(10, std::time::Duration::from_secs(1));
    checked("ConcurrencyLimit with a queue", in_application(app!().with(limit), request));
    checked("TrustedProxies", in_application(app!().enable_trusted_proxies(), request));
    checked("Health", in_application(App::new(routes![text, cello::health]), request));
    // Those that add fields of which the values are known, or count.
    checked("Cors", in_application(app!().enable_cors(), request));
    checked("SecurityHeaders", in_application(app!().enable_security_headers(), request));
    checked("Metrics", in_application(app!().enable_metrics(), request));
    let _ = tracing::subscriber::set_global_default(tracing::subscriber::NoSubscriber::new());
    checked("Logging that nobody hears", in_application(app!().enable_logging(), request));

    // Of ids, 16 are written at once, into two blocks of memory.
    let ids = in_application(app!().enable_request_id(), request);
    assert!(ids <= bare + 2.0 / 16.0 + 0.1, "RequestIds: {ids} allocations, without it {bare}");
    let stack = app!()
        .enable_metrics()
        .enable_request_id()
        .enable_logging()
        .enable_cors()
        .enable_security_headers()
        .with(Timeout::new(std::time::Duration::from_secs(10)));
    let together = in_application(stack, request);
    // With seven fields the map of the response grows, which is two blocks of memory; a connection uses it again.
    assert!(together <= ids + 2.1, "six members: {together} allocations, request ids alone {ids}");
}

/// A type of one's own, in no other place than `Nothing`.
struct Own;

impl Middleware for Own {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        next.run(request).await
    }
}

async fn function(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

async fn with_state(request: Request, next: Next<'_>, _: &Greeting) -> Response {
    next.run(request).await
}

async fn told_when_sent(request: Request, next: Next<'_>) -> Response {
    next.on_sent(|_| ()).run(request).await
}

const TEN_SECONDS: std::time::Duration = std::time::Duration::from_secs(10);

/// What a route has a stack of its own for as a rule: none of these waits.
macro_rules! scoped_route {
    ($name:ident, $($with:expr),+) => {
        #[get("/", with($($with),+))]
        async fn $name() -> &'static str {
            "hello"
        }
    };
}

scoped_route!(timed, Timeout::new(TEN_SECONDS));
scoped_route!(small, BodyLimit::new(1000));
scoped_route!(limited, RateLimit::per_second(1_000_000).fields(false));
scoped_route!(few, ConcurrencyLimit::new(10));
scoped_route!(shared, Cors::default());
scoped_route!(compressed, Compression::default());
scoped_route!(counted, Metrics::new().no_path());
scoped_route!(safe, SecurityHeaders::default());
scoped_route!(
    several,
    Timeout::new(TEN_SECONDS),
    Cors::default(),
    BodyLimit::new(1000),
    ConcurrencyLimit::new(10)
);
scoped_route!(own, Own);
scoped_route!(own_twice, Own, Own);
scoped_route!(by_function, function);
scoped_route!(by_function_with_state, with_state as StateFn<(Greeting,)>);

#[get("/", with(Cors::default()))]
async fn patient() -> &'static str {
    tokio::task::yield_now().await;
    "hello"
}

#[get("/")]
async fn patient_alone() -> &'static str {
    tokio::task::yield_now().await;
    "hello"
}

#[get("/", with(Timeout::new(TEN_SECONDS), BodyLimit::new(1000)))]
async fn patient_with_limits() -> &'static str {
    tokio::task::yield_now().await;
    "hello"
}

#[cello::blueprint("/", with(Cors::default(), ConcurrencyLimit::new(10)))]
mod outer {
    use super::*;

    #[cello::blueprint("/", with(BodyLimit::new(1000), Metrics::new().no_path()))]
    mod inner {
        use super::*;

        #[get("/", with(RateLimit::per_second(1_000_000).fields(false), SecurityHeaders::default()))]
        async fn nested() -> &'static str {
            "hello"
        }
    }
}

/// Hears everything and keeps nothing.
struct Listener;

impl tracing::Subscriber for Listener {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

/// What the documents of each say.
#[test]
fn scopes_and_middleware_of_ones_own_allocate_as_often_as_is_said() {
    let request =
        || http::Request::get("/").header("origin", "https://a.example").body(Body::empty()).unwrap();
    let bare = in_application(app!(), request);
    let mut wrong = Vec::new();
    macro_rules! exactly {
        ($count:expr, $($route:ident)::+) => {
            let app = App::new(routes![$($route)::+]).state(Services { greeting: Greeting("hello") });
            exactly!($count, stringify!($($route)::+), app, bare);
        };
        ($count:expr, $name:expr, $app:expr, $bare:expr) => {
            let added = in_application($app, request) - $bare;
            let said = f64::from($count);
            if (added - said).abs() > 0.1 {
                wrong.push(format!("{}: {added} allocations, {said} are said", $name));
            }
        };
    }
    // A stack of a blueprint or route in which nobody waits.
    exactly!(0, timed);
    exactly!(0, small);
    exactly!(0, limited);
    exactly!(0, few);
    exactly!(0, shared);
    exactly!(0, compressed);
    exactly!(0, counted);
    exactly!(0, safe);
    exactly!(0, several);
    exactly!(0, outer);
    // Where the handler waits, what is done to its response is in a box.
    let waiting = in_application(App::new(routes![patient_alone]), request);
    // With the timer of the timeout.
    exactly!(2, "patient_with_limits", App::new(routes![patient_with_limits]), waiting);
    exactly!(1, "patient", App::new(routes![patient]), waiting);
    // One of one's own makes the stack a future in a box, at a route. What follows a function is one everywhere.
    exactly!(1, own);
    exactly!(1, own_twice);
    exactly!(2, by_function);
    exactly!(3, by_function_with_state);
    exactly!(0, "own in the application's stack", app!().with(Own), bare);
    exactly!(1, "a function", app!().with(function), bare);
    exactly!(2, "a function with state", app!().with(with_state), bare);
    let function = in_application(app!().with(function), request);
    exactly!(2, "to be told when it is sent", app!().with(told_when_sent), function);
    exactly!(2, "fields of a rate limit", app!().with(RateLimit::per_second(1_000_000)), bare);
    exactly!(1, "tags", app!().enable_conditional_requests(), bare);
    exactly!(8, "a layer", app!().layer(tower::layer::util::Identity::new()), bare);
    let logged =
        tracing::subscriber::with_default(Listener, || in_application(app!().enable_logging(), request));
    if (logged - bare - 3.0).abs() > 0.1 {
        wrong.push(format!("logging: {} allocations, 3 are said", logged - bare));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_request_allocates_at_most_once_more_than_on_hyper() {
    let hyper = each(on_hyper, "/");
    // A clock that moves in one run and not in the other makes a difference of a part of an allocation.
    let most = hyper + 1.1;
    let plain = |listener| async { app!().serve(listener).await.unwrap() };
    let with_stack =
        |listener| async { app!().enable_cors().enable_compression().serve(listener).await.unwrap() };
    for path in ["/", "/now", "/from/7?wanted=8"] {
        for (kind, allocations) in [("plain", each(plain, path)), ("with a stack", each(with_stack, path))] {
            assert!(allocations <= most, "{kind} {path}: {allocations} allocations, hyper {hyper}");
        }
    }
}

/// How often a member allocates more than an empty one in its place.
macro_rules! added {
    ($member:expr) => {{
        let with = |listener| async { app!().with(Nothing).with($member).serve(listener).await.unwrap() };
        let without = |listener| async { app!().with(Nothing).serve(listener).await.unwrap() };
        each(with, "/") - each(without, "/")
    }};
}

/// A middleware that does nothing.
struct Nothing;

impl Middleware for Nothing {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        next.run(request).await
    }
}

#[test]
fn members_do_not_allocate_for_requests_that_they_do_not_change() {
    for (name, allocations) in [
        ("trusted proxies, nobody trusted", added!(TrustedProxies::new().network("192.0.2.0/24"))),
        ("trusted proxies, nothing said", added!(TrustedProxies::default())),
        ("request ids, told to nobody", added!(RequestIds::new().no_header())),
        ("security headers, of which there are none", added!(SecurityHeaders::none())),
        ("metrics", added!(Metrics::new())),
    ] {
        assert!(allocations < 0.1, "{name}: {allocations} allocations");
    }
    // The text of the id.
    let ids = added!(RequestIds::new());
    assert!(ids < 1.1, "request ids: {ids} allocations");
    // Fields whose values were made before.
    let headers = added!(SecurityHeaders::default());
    assert!(headers < 0.1, "security headers: {headers} allocations");
    let headers = added!(SecurityHeaders::web());
    assert!(headers < 1.1, "more security headers: {headers} allocations, that of a larger map");
}
