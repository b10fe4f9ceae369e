//! Whatever becomes of a request, its answer passes the application's stack: it has the fields of CORS and security, an id, one line in
//! the log, and a place in the metrics.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod printed;

use std::time::Duration;

use cello::middleware::logging::LogLevel;
use cello::prelude::*;
use http::request::Builder;
use serde_json::Value;
use tower_service::Service;

use printed::Printed;

#[get("/users/<id>")]
async fn user(id: u32) -> String {
    format!("user {id}")
}

#[post("/notes", body_limit = 4)]
async fn note(note: Json<String>) -> String {
    note.0
}

#[get("/panics")]
async fn panics() -> StatusCode {
    panic!("on purpose")
}

#[get("/panics-at-once")]
fn panics_at_once() -> StatusCode {
    panic!("on purpose")
}

#[get("/fails")]
async fn fails() -> cello::Result<()> {
    Err(cello::Error::msg("on purpose"))
}

#[get("/never", timeout = Duration::from_millis(1))]
async fn never() {
    std::future::pending::<()>().await;
}

#[get("/waits", with(Timeout::new(Duration::from_millis(1))))]
async fn waits() {
    std::future::pending::<()>().await;
}

/// The first request is the second one's reason.
#[get("/limited", with(RateLimit::per_hour(1)))]
async fn limited() {}

#[get("/broken", with(broken))]
async fn broken_route() {}

async fn broken(_: Request, _: Next<'_>) -> Response {
    panic!("on purpose")
}

struct Closed;

impl FromRequest for Closed {
    type Rejection = StatusCode;
    type State = ();

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        Err(StatusCode::FORBIDDEN)
    }
}

#[get("/guarded", guard(Closed))]
async fn guarded() {}

/// Stands innermost in the application's stack, and answers itself whom it is told to.
async fn interferes(request: Request, next: Next<'_>) -> Response {
    match request.headers().get("x-interfere").map(HeaderValue::as_bytes) {
        Some(b"answer") => StatusCode::UNAUTHORIZED.into_response(),
        Some(b"panic") => panic!("on purpose"),
        Some(b"interim") => StatusCode::PROCESSING.into_response(),
        _ => next.run(request).await,
    }
}

struct Case {
    name: &'static str,
    request: Builder,
    body: &'static str,
    status: u16,
    /// As log and metrics tell it; empty for none.
    route: &'static str,
    /// A preflight that is refused has no field that would allow something.
    allows_origin: bool,
}

fn case(name: &'static str, method: &str, target: &str, status: u16, route: &'static str) -> Case {
    let request = http::Request::builder().method(method).uri(target).header("origin", "https://a.example");
    Case { name, request, body: "", status, route, allows_origin: true }
}

impl Case {
    fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    fn preflight(self, method: &str) -> Self {
        let allows_origin = self.status == 204;
        Self { allows_origin, ..self.header("access-control-request-method", method) }
    }

    fn json(mut self, body: &'static str) -> Self {
        self.body = body;
        self.header("content-type", "application/json")
    }
}

fn cases() -> Vec<Case> {
    vec![
        case("an answer", "GET", "/users/7", 200, "/users/<id>"),
        case("no route", "GET", "/nowhere", 404, ""),
        case("another method", "POST", "/users/7", 405, ""),
        case("a method that nobody knows", "BREW", "/users/7", 501, ""),
        case("a path that is none", "GET", "/%zz", 400, ""),
        case("a parameter refused", "GET", "/users/x", 400, "/users/<id>"),
        case("a body refused for its type", "POST", "/notes", 415, "/notes"),
        case("a body that is no JSON", "POST", "/notes", 400, "/notes").json(r#""no"#),
        case("a body of another shape", "POST", "/notes", 422, "/notes").json("7"),
        case("a body over the limit", "POST", "/notes", 413, "/notes").json(r#""long""#),
        case("a guard", "GET", "/guarded", 403, "/guarded"),
        case("an error of a handler", "GET", "/fails", 500, "/fails"),
        case("a panic of a handler", "GET", "/panics", 500, "/panics"),
        case("a panic before there is a future", "GET", "/panics-at-once", 500, "/panics-at-once"),
        case("a timeout", "GET", "/never", 503, "/never"),
        case("a timeout of middleware", "GET", "/waits", 503, "/waits"),
        case("the first within the rate", "GET", "/limited", 200, "/limited"),
        case("the second beyond it", "GET", "/limited", 429, "/limited"),
        case("a panic of a route's middleware", "GET", "/broken", 500, "/broken"),
        case("a short circuit", "GET", "/users/7", 401, "/users/<id>").header("x-interfere", "answer"),
        case("a panic of the application's middleware", "GET", "/users/7", 500, "/users/<id>")
            .header("x-interfere", "panic"),
        case("an answer of a middleware that ends no request", "GET", "/users/7", 500, "/users/<id>")
            .header("x-interfere", "interim"),
        case("a preflight", "OPTIONS", "/users/7", 204, "").preflight("GET"),
        case("a preflight for a method that is not there", "OPTIONS", "/users/7", 405, "").preflight("PUT"),
        case("a preflight for what is not there", "OPTIONS", "/nowhere", 404, "").preflight("GET"),
        case("options", "OPTIONS", "/users/7", 204, ""),
        case("a head", "HEAD", "/users/7", 200, "/users/<id>"),
    ]
}

#[test]
fn every_answer_passes_the_whole_stack() {
    let metrics = Metrics::new();
    let app = App::new(routes![
        user,
        note,
        panics,
        panics_at_once,
        fails,
        never,
        waits,
        limited,
        broken_route,
        guarded
    ])
    .with(metrics.clone())
    .enable_request_id()
    .enable_logging()
    .enable_security_headers()
    .enable_cors()
    .with(interferes);
    let printed = Printed::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LogLevel::INFO)
        .json()
        .flatten_event(true)
        .with_writer(printed.clone())
        .finish();
    let mut faults = Vec::new();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut service = app.into_service().await.unwrap();
            for case in cases() {
                let name = case.name;
                for fault in faults_of(case, &mut service, &metrics, &printed).await {
                    faults.push(format!("{name}: {fault}"));
                }
            }
        });
    });
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Sends one request, and gives what its answer lacks.
async fn faults_of<S>(case: Case, service: &mut S, metrics: &Metrics, printed: &Printed) -> Vec<String>
where
    S: Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    let Case { request, body, status, route, allows_origin, name: _ } = case;
    let request = request.body(Body::from(body)).unwrap();
    let method = if request.method().as_str() == "BREW" { "other" } else { request.method().as_str() };
    let counter = format!(
        "http_requests_total{{method=\"{method}\",route=\"{}\",status=\"{}xx\"}}",
        if route.is_empty() { "unmatched" } else { route },
        status / 100,
    );
    let (counted, logged) = (count(metrics, &counter), printed.accesses().len());

    let response = service.call(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = body.collect(10_000).await.unwrap();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let events = printed.accesses();
    let [event] = &events[logged..] else {
        return vec![format!("{} lines in the log", events.len() - logged)];
    };

    let mut faults = Vec::new();
    let mut expect = |what: &str, is: String, expected: String| {
        if is != expected {
            faults.push(format!("{what} is {is}, not {expected}"));
        }
    };
    let field = |name| format!("{:?}", header(name));
    expect("the status", head.status.as_u16().to_string(), status.to_string());
    expect(
        "CORS",
        field("access-control-allow-origin"),
        if allows_origin { "Some(\"*\")" } else { "None" }.to_owned(),
    );
    expect("content types", field("x-content-type-options"), "Some(\"nosniff\")".to_owned());
    expect("framing", field("x-frame-options"), "Some(\"DENY\")".to_owned());
    expect("the status logged", event["status"].to_string(), status.to_string());
    expect("the bytes logged", event["bytes"].to_string(), body.len().to_string());
    expect(
        "the route logged",
        event["route"].to_string(),
        format!("{:?}", if route.is_empty() { "-" } else { route }),
    );
    expect("the id", field("x-request-id"), format!("Some({})", event["request_id"]));
    if header("content-type") == Some("application/problem+json") && !body.is_empty() {
        let problem: Value = serde_json::from_slice(&body).unwrap();
        expect("the id of the problem", problem["request_id"].to_string(), event["request_id"].to_string());
    }
    expect("the count", count(metrics, &counter).to_string(), (counted + 1).to_string());
    faults
}

/// What the metrics say of one series.
fn count(metrics: &Metrics, series: &str) -> u64 {
    let text = metrics.render();
    let value = text.lines().find_map(|line| line.strip_prefix(series));
    value.map_or(0, |value| value.trim().parse().unwrap())
}
