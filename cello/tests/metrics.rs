//! Figures for Prometheus.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use cello::prelude::*;
use cello::testing::TestClient;
use cello::{Clock, Time};
use tower_service::Service;

#[get("/users/<id>")]
async fn user(id: u32) -> String {
    format!("user {id}")
}

#[post("/users")]
async fn create(body: Bytes) -> (StatusCode, Bytes) {
    (StatusCode::CREATED, body)
}

#[get("/slow")]
async fn slow(now: &Now) -> &'static str {
    now.0.fetch_add(300, Ordering::Relaxed);
    "slow"
}

#[get("/stream")]
async fn stream() -> Body {
    Body::from_reader(&b"0123456789"[..])
}

/// Its length is known, its content is not at hand.
#[get("/of-known-length")]
async fn of_known_length() -> Body {
    Body::new(OfKnownLength)
}

struct OfKnownLength;

impl http_body::Body for OfKnownLength {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        std::task::Poll::Pending
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(10)
    }
}

#[get("/never")]
async fn never() {
    std::future::pending::<()>().await;
}

#[get("/panics")]
async fn panics() {
    #[allow(clippy::panic)]
    {
        panic!("on purpose")
    }
}

/// Milliseconds, as the clock tells them.
#[derive(Clone, Default)]
struct Now(Arc<AtomicU64>);

struct TestTime(Instant, Now);

impl Time for TestTime {
    fn now(&self) -> Instant {
        self.0 + Duration::from_millis(self.1.0.load(Ordering::Relaxed))
    }
}

#[derive(AppState)]
struct Services {
    now: Now,
}

macro_rules! app {
    ($metrics:expr) => {{
        let now = Now::default();
        App::new(routes![user, create, slow, stream, of_known_length, never, panics])
            .clock(Clock::new(TestTime(Instant::now(), now.clone())))
            .state(Services { now })
            .with($metrics)
    }};
}

fn read(client: &TestClient) -> Vec<String> {
    let response = client.get("/metrics").send();
    assert_eq!(response.status(), 200);
    assert_eq!(response.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    response.text().lines().map(str::to_owned).collect()
}

#[track_caller]
fn has(lines: &[String], line: &str) {
    assert!(lines.iter().any(|known| known == line), "{line}\nis not in\n{}", lines.join("\n"));
}

#[test]
fn requests_are_counted_by_pattern_and_class() {
    let client = TestClient::new(app!(Metrics::new()));
    for id in 0..5 {
        client.get(format!("/users/{id}")).send();
    }
    client.head("/users/7").send();
    client.get("/users/x").send();
    client.get("/panics").send();
    for path in ["/nowhere", "/wp-login.php", "/%zz"] {
        client.get(path).send();
    }
    client.request(Method::from_bytes(b"BREW").unwrap(), "/users/1").send();
    client.request(Method::from_bytes(b"STEAL").unwrap(), "/nowhere").send();
    let lines = read(&client);
    has(&lines, r#"http_requests_total{method="GET",route="/users/<id>",status="2xx"} 5"#);
    has(&lines, r#"http_requests_total{method="HEAD",route="/users/<id>",status="2xx"} 1"#);
    has(&lines, r#"http_requests_total{method="GET",route="/users/<id>",status="4xx"} 1"#);
    has(&lines, r#"http_requests_total{method="GET",route="/panics",status="5xx"} 1"#);
    has(&lines, r#"http_requests_total{method="GET",route="unmatched",status="4xx"} 3"#);
    has(&lines, r#"http_requests_total{method="other",route="unmatched",status="5xx"} 2"#);
    has(&lines, r#"http_requests_in_flight{route="/users/<id>"} 0"#);
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("nowhere") || line.contains("wp-login") || line.contains("STEAL"))
    );
    assert_eq!(lines.iter().filter(|line| line.contains("/metrics")).count(), 0, "reading is not counted");
    assert_eq!(read(&client), lines, "reading changes nothing");
}

#[test]
fn durations_and_sizes_are_spread() {
    let client = TestClient::new(app!(Metrics::new()));
    client.get("/slow").send();
    client.post("/users").body("x".repeat(1000)).send();
    client.get("/stream").send();
    let lines = read(&client);
    let slow = r#"method="GET",route="/slow",status="2xx""#;
    has(&lines, &format!(r#"http_request_duration_seconds_bucket{{{slow},le="0.25"}} 0"#));
    has(&lines, &format!(r#"http_request_duration_seconds_bucket{{{slow},le="0.5"}} 1"#));
    has(&lines, &format!(r#"http_request_duration_seconds_bucket{{{slow},le="+Inf"}} 1"#));
    has(&lines, &format!("http_request_duration_seconds_sum{{{slow}}} 0.3"));
    has(&lines, &format!("http_request_duration_seconds_count{{{slow}}} 1"));
    let created = r#"method="POST",route="/users",status="2xx""#;
    for what in ["request", "response"] {
        has(&lines, &format!(r#"http_{what}_size_bytes_bucket{{{created},le="256"}} 0"#));
        has(&lines, &format!(r#"http_{what}_size_bytes_bucket{{{created},le="1024"}} 1"#));
        has(&lines, &format!("http_{what}_size_bytes_sum{{{created}}} 1000"));
    }
    has(&lines, r#"http_response_size_bytes_sum{method="GET",route="/stream",status="2xx"} 10"#);
    has(&lines, r#"http_requests_in_flight{route="/stream"} 0"#);
}

#[tokio::test]
async fn a_request_is_in_flight_until_its_client_leaves() {
    let metrics = Metrics::new();
    let mut service = app!(metrics.clone()).into_service().await.unwrap();
    let mut begin = |path: &str| {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path.parse().unwrap();
        service.call(request)
    };
    let lines = || metrics.render().lines().map(str::to_owned).collect::<Vec<_>>();
    let mut waiting = begin("/never");
    assert!(Pin::new(&mut waiting).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    has(&lines(), r#"http_requests_in_flight{route="/never"} 1"#);
    drop(waiting);
    has(&lines(), r#"http_requests_in_flight{route="/never"} 0"#);
    has(&lines(), r#"http_requests_total{method="GET",route="/never",status="aborted"} 1"#);

    for route in ["/stream", "/of-known-length"] {
        let response = begin(route).await.unwrap();
        has(&lines(), &format!(r#"http_requests_in_flight{{route="{route}"}} 1"#));
        drop(response);
        has(&lines(), &format!(r#"http_requests_in_flight{{route="{route}"}} 0"#));
        has(&lines(), &format!(r#"http_requests_total{{method="GET",route="{route}",status="2xx"}} 1"#));
    }
}

#[test]
fn metrics_of_the_author_stand_beside() {
    let metrics = Metrics::new();
    let mail = metrics.counter("jobs_total", "Jobs \\ done.", &[("queue", "mail")]);
    metrics.counter("jobs_total", "Jobs done.", &[("queue", "say \"hi\"\n")]).add(2);
    metrics.counter("jobs_total", "Jobs done.", &[("queue", "mail")]).inc();
    mail.inc();
    assert_eq!(mail.value(), 2);
    let gauge = metrics.gauge("queue_length", "Waiting.", &[]);
    gauge.set(4.5);
    gauge.inc();
    gauge.dec();
    gauge.add(-1.25);
    metrics.gauge_fn("answer", "Asked for.", &[], || 42.0);
    metrics.gauge_fn("broken", "Panics.", &[], || {
        #[allow(clippy::panic)]
        {
            panic!("on purpose")
        }
    });
    let spread = metrics.histogram("job_seconds", "Time.", &[("queue", "mail")], &[0.5, 1.0]);
    spread.observe(0.5);
    spread.observe_duration(Duration::from_millis(750));
    spread.observe(7.0);
    metrics.add_text(|| "# TYPE foreign untyped\nforeign 1".to_owned());
    let lines = read(&TestClient::new(app!(metrics)));
    for line in [
        r"# HELP jobs_total Jobs \\ done.",
        "# TYPE jobs_total counter",
        r#"jobs_total{queue="mail"} 2"#,
        r#"jobs_total{queue="say \"hi\"\n"} 2"#,
        "# TYPE queue_length gauge",
        "queue_length 3.25",
        "answer 42",
        "# TYPE job_seconds histogram",
        r#"job_seconds_bucket{queue="mail",le="0.5"} 1"#,
        r#"job_seconds_bucket{queue="mail",le="1"} 2"#,
        r#"job_seconds_bucket{queue="mail",le="+Inf"} 3"#,
        r#"job_seconds_sum{queue="mail"} 8.25"#,
        r#"job_seconds_count{queue="mail"} 3"#,
        "foreign 1",
    ] {
        has(&lines, line);
    }
    assert_eq!(lines.iter().filter(|line| line.starts_with("# TYPE jobs_total")).count(), 1);
}

#[test]
fn the_path_can_be_another_or_none() {
    let client = TestClient::new(app!(Metrics::new().path("/internal/figures")));
    assert_eq!(client.get("/metrics").send().status(), 404);
    assert_eq!(client.get("/internal/figures").send().status(), 200);
    assert_eq!(client.post("/internal/figures").send().status(), 404);
    let head = client.head("/internal/figures").send();
    assert_eq!((head.status().as_u16(), head.text()), (200, ""));
    let client = TestClient::new(app!(Metrics::new().no_path()));
    assert_eq!(client.get("/metrics").send().status(), 404);
    assert_eq!(
        TestClient::new(App::new(routes![user]).enable_metrics()).get("/metrics").send().status(),
        200
    );
}

#[test]
fn what_prometheus_would_not_take_keeps_the_application_from_starting() {
    let error = |metrics: Metrics| TestClient::builder(app!(metrics)).try_build().unwrap_err().to_string();
    assert_eq!(error(Metrics::new().path("metrics")), r#"metrics: "metrics" is no path, such as `/metrics`"#);
    assert!(error(Metrics::new().duration_bounds([0.5, 0.1])).contains("each greater than the one before"));
    assert!(error(Metrics::new().duration_bounds([])).contains("1 to 100 numbers"));
    assert!(error(Metrics::new().duration_bounds([-1.0, 1.0])).contains("greater than zero"));
    assert!(error(Metrics::new().duration_bounds([1.0, f64::NAN])).contains("each greater"));
    for long in [1e30, 1e11] {
        let error = error(Metrics::new().duration_bounds([1.0, long]));
        assert!(error.contains("no request takes as long"), "{error}");
    }
    let with = |add: fn(&Metrics)| {
        let metrics = Metrics::new();
        add(&metrics);
        error(metrics)
    };
    assert!(with(|metrics| drop(metrics.counter("jobs", "", &[]))).contains("ends in `_total`"));
    assert!(with(|metrics| drop(metrics.counter("a b_total", "", &[]))).contains("no name of a metric"));
    assert!(with(|metrics| drop(metrics.counter("http_requests_total", "", &[]))).contains("already"));
    assert!(with(|metrics| drop(metrics.gauge("a", "", &[("b-c", "")]))).contains("name of a label"));
    assert!(with(|metrics| drop(metrics.histogram("a", "", &[], &[2.0, 1.0]))).contains("greater"));
    let twice = with(|metrics| {
        metrics.gauge("same", "", &[]).inc();
        metrics.histogram("same", "", &[], &[1.0]).observe(0.0);
    });
    assert!(twice.contains("`same` is a gauge already"));
}

#[test]
fn a_path_that_hides_a_route_keeps_the_application_from_starting() {
    #[get("/metrics")]
    async fn figures() -> &'static str {
        "of one's own"
    }
    #[post("/figures")]
    async fn sent() -> &'static str {
        "sent"
    }
    fn error(app: impl Application) -> Option<String> {
        TestClient::builder(app).try_build().err().map(|error| error.to_string())
    }
    let app = || App::new(routes![figures, sent]);
    let fault = error(app().enable_metrics()).unwrap();
    assert!(
        fault.starts_with("metrics: `/metrics` is the path of `metrics::") && fault.contains("figures` too"),
        "{fault}"
    );
    assert!(error(app().base_path("/v1").with(Metrics::new().path("/v1/metrics"))).is_some());
    assert_eq!(error(app().base_path("/v1").enable_metrics()), None, "the route is another");
    assert_eq!(error(app().with(Metrics::new().path("/figures"))), None, "the route takes other methods");
    assert_eq!(error(app().with(Metrics::new().no_path())), None);
}

/// Asks for a path over a socket.
fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_of_its_own_has_the_figures_and_nothing_else() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let metrics = Metrics::new().no_path();
    let served = metrics.serve_on(free);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(app!(metrics).on_start(served).serve_until(listener, async {
        let _ = stopped.await;
    }));
    let asked = tokio::task::spawn_blocking(move || {
        let user = get(address, "/users/1").unwrap();
        (
            user,
            get(address, "/metrics").unwrap(),
            get(free, "/metrics").unwrap(),
            get(free, "/users/1").unwrap(),
        )
    });
    let (user, none, figures, elsewhere) = asked.await.unwrap();
    assert!(user.starts_with("HTTP/1.1 200") && none.starts_with("HTTP/1.1 404"));
    assert!(
        figures.contains(r#"http_requests_total{method="GET",route="/users/<id>",status="2xx"} 1"#),
        "{figures}"
    );
    assert!(elsewhere.starts_with("HTTP/1.1 404"));
    assert!(TcpListener::bind(free).is_err(), "it is served as long as the application is");
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(free).is_err(), "and no longer");
}

#[tokio::test]
async fn a_port_in_use_keeps_the_application_from_starting() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = Metrics::new();
    let served = metrics.serve_on(taken.local_addr().unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = app!(metrics).on_start(served);
    let error = app.serve_until(listener, std::future::pending()).await.unwrap_err().to_string();
    assert!(error.starts_with("metrics cannot be served on 127.0.0.1:"), "{error}");
}

#[test]
#[ignore = "needs promtool, of Debian's package prometheus; .ci/run installs it"]
fn promtool_accepts_all_of_it() {
    let metrics = Metrics::new();
    metrics.counter("jobs_total", "Jobs done.", &[("queue", "say \"hi\"\n\\")]).inc();
    metrics.gauge("queue_length", "Waiting.", &[]).set(f64::NAN);
    metrics.gauge("temperature_celsius", "Outside.", &[]).set(f64::NEG_INFINITY);
    metrics.histogram("job_duration_seconds", "Time.", &[], &[0.5, 1.0]).observe(0.7);
    let client = TestClient::new(app!(metrics));
    for path in ["/users/1", "/users/x", "/nowhere", "/stream", "/panics", "/slow"] {
        client.get(path).send();
    }
    client.post("/users").body("x".repeat(100_000)).send();
    let text = client.get("/metrics").send().text().to_owned();
    let checked = |text: &str| {
        let mut promtool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = promtool.wait_with_output().unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        )
    };
    assert_eq!(checked(&text), (true, String::new()));
    assert!(!checked("jobs{ 1").0, "it refuses what is wrong");
}
