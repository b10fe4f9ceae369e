//! What a request is called: in the response, in problems, in the log, and across services.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod printed;

use cello::middleware::request_id::{TraceContext, Upstream};
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use serde_json::Value;

use printed::Printed;

#[get("/id")]
async fn id(id: RequestId) -> String {
    id.to_string()
}

#[get("/trace")]
async fn trace(trace: TraceContext) -> ([(HeaderName, HeaderValue); 1], String) {
    let mut headers = HeaderMap::new();
    trace.inject(&mut headers);
    let state = headers.remove("tracestate").unwrap_or(HeaderValue::from_static("-"));
    ([(HeaderName::from_static("x-state"), state)], trace.to_string())
}

#[get("/number/<number>")]
async fn number(number: u32) -> String {
    number.to_string()
}

#[get("/own")]
async fn own() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(HeaderName::from_static("x-request-id"), "own")], "")
}

#[get("/member")]
async fn member() -> Problem {
    Problem::new(StatusCode::CONFLICT).with_member("request_id", "own")
}

#[get("/fails")]
async fn fails() -> cello::Result<()> {
    Err(cello::Error::msg("on purpose"))
}

#[get("/panics")]
async fn panics() {
    #[allow(clippy::panic)]
    {
        panic!("on purpose")
    }
}

macro_rules! app {
    () => {
        App::new(routes![id, trace, number, own, member, fails, panics])
    };
}

macro_rules! client {
    ($($middleware:expr),*) => { TestClient::new(app!()$(.with($middleware))*) };
}

fn sent(response: &TestResponse) -> &str {
    response.header("x-request-id").unwrap()
}

#[test]
fn the_response_has_the_id_that_the_handler_sees() {
    let client = TestClient::new(app!().enable_request_id());
    let (one, other) = (client.get("/id").send(), client.get("/id").send());
    assert_eq!(sent(&one), one.text());
    assert_ne!(one.text(), other.text());
    assert_eq!(sent(&client.get("/own").send()), "own", "what a handler has set stays");
    assert_eq!(client.get("/nowhere").send().headers().get_all("x-request-id").iter().count(), 1);
}

#[test]
fn a_handler_has_an_id_without_the_middleware_too() {
    let client = client!();
    let response = client.get("/id").send();
    assert!(response.text().contains('-'));
    assert_eq!(response.header("x-request-id"), None);
}

#[test]
fn problems_tell_the_id() {
    let client = client!(RequestIds::new());
    for (target, status) in
        [("/nowhere", 404), ("/number/x", 400), ("/%zz", 400), ("/fails", 500), ("/panics", 500)]
    {
        let response = client.get(target).send();
        let problem: Value = response.json();
        assert_eq!(response.status(), status, "{target}");
        assert_eq!(problem["request_id"], sent(&response), "{target}");
        assert_eq!(problem["status"], status);
        assert_eq!(response.problem().unwrap().member("request_id").unwrap(), sent(&response));
    }
    let response = client.post("/id").send();
    assert_eq!(response.json::<Value>()["request_id"], sent(&response));
    assert_eq!(response.header("allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(client.get("/member").send().json::<Value>()["request_id"], "own");
    let quiet = client!(RequestIds::new().in_problems(false));
    assert_eq!(quiet.get("/nowhere").send().json::<Value>().get("request_id"), None);
}

#[test]
fn problems_of_middleware_further_in_tell_the_id() {
    async fn refuses(_: Request, _: Next<'_>) -> Response {
        Problem::new(StatusCode::FORBIDDEN).into_response()
    }
    let response = client!(RequestIds::new(), refuses).get("/id").send();
    assert_eq!(response.json::<Value>()["request_id"], sent(&response));
    // It has not been there when the problem was made.
    let response = client!(refuses, RequestIds::new()).get("/id").send();
    assert_eq!(response.json::<Value>().get("request_id"), None);
}

#[test]
fn a_renderer_sees_the_id() {
    let app = app!().enable_request_id().enable_compression().render_errors(|problem, _| {
        problem.member("request_id").and_then(Value::as_str).map(str::to_owned).into_response()
    });
    let client = TestClient::new(app);
    for target in ["/nowhere", "/number/x", "/panics"] {
        let response = client.get(target).send();
        assert_eq!(response.text(), sent(&response), "{target}");
    }
}

#[test]
fn an_id_of_the_client_is_taken_only_if_told_to() {
    let peer = "192.0.2.1:4711".parse().unwrap();
    let ask = |client: &TestClient, id: &str| {
        let response = client.get("/id").peer(peer).header("x-request-id", id).send();
        assert_eq!(sent(&response), response.text());
        response.text().to_owned()
    };
    assert_ne!(ask(&client!(RequestIds::new()), "abc"), "abc");
    let anyone = client!(RequestIds::new().accept_id(Upstream::Anyone));
    assert_eq!(ask(&anyone, "6f1ed002-ab35"), "6f1ed002-ab35");
    for bad in ["", "a b", "a\"b", &"x".repeat(129)] {
        assert_ne!(ask(&anyone, bad), bad);
    }
    let twice = anyone.get("/id").header("x-request-id", "a").header("x-request-id", "a").send();
    assert_ne!(twice.text(), "a", "which of two fields counts is anybody's guess");

    let proxied = || RequestIds::new().accept_id(Upstream::TrustedProxy);
    let trusted = client!(TrustedProxies::new().network("192.0.2.0/24"), proxied());
    assert_eq!(ask(&trusted, "abc"), "abc");
    let other = client!(TrustedProxies::new().network("198.51.100.0/24"), proxied());
    assert_ne!(ask(&other, "abc"), "abc");
}

#[test]
fn the_field_and_the_ids_can_be_others() {
    let ids =
        RequestIds::new().header("X-Correlation-Id").accept_id(Upstream::Anyone).make_with(|| "made".into());
    let client = client!(ids);
    let response = client.get("/id").header("x-correlation-id", "abc").send();
    assert_eq!((response.header("x-correlation-id"), response.text()), (Some("abc"), "abc"));
    assert_eq!(client.get("/id").send().text(), "made");
    let silent = client!(RequestIds::new().no_header()).get("/nowhere").send();
    assert_eq!(silent.header("x-request-id"), None);
    assert!(silent.json::<Value>()["request_id"].is_string());
    let useless = client!(RequestIds::new().make_with(|| "two words".into()));
    assert!(useless.get("/id").send().text().contains('-'), "what cannot stand in a field is no id");
}

#[test]
fn a_name_that_is_none_keeps_the_application_from_starting() {
    let app = app!().with(RequestIds::new().header("x request id"));
    let error = TestClient::builder(app).try_build().unwrap_err().to_string();
    assert_eq!(error, r#"request ids: "x request id" is no name of a header field, such as `x-request-id`"#);
}

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn a_trace_goes_on_only_if_told_to() {
    let ask = |client: &TestClient| {
        let request = client
            .get("/trace")
            .header("traceparent", PARENT)
            .header("tracestate", "a=1")
            .header("tracestate", "b=2");
        let response = request.send();
        (response.text().to_owned(), response.header("x-state").unwrap().to_owned())
    };
    let (trace, state) = ask(&client!(RequestIds::new().accept_trace(Upstream::Anyone)));
    assert!(trace.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && trace.ends_with("-01"), "{trace}");
    assert!(!trace.contains("b7ad6b7169203331"), "the parent of what follows is this service");
    assert_eq!(state, "a=1,b=2");
    for client in [client!(), client!(RequestIds::new())] {
        let (trace, state) = ask(&client);
        assert!(!trace.contains("0af7651916cd43dd8448eb211c80319c"), "{trace}");
        assert_eq!(state, "-");
    }
}

#[test]
fn the_log_has_the_same_id_and_the_trace() {
    let log = Printed::default();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(log.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let ids = || RequestIds::new().accept_id(Upstream::Anyone).accept_trace(Upstream::Anyone);
    let (outside, inside) = (client!(ids(), Logging::new()), client!(Logging::new(), ids()));
    for client in [&outside, &inside] {
        let response =
            client.get("/fails").header("x-request-id", "abc").header("traceparent", PARENT).send();
        assert_eq!(sent(&response), "abc");
        let access = log.accesses().pop().unwrap();
        assert_eq!((&access["request_id"], &access["status"]), (&"abc".into(), &500.into()));
        assert_eq!(access["trace_id"], "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(log.of("cello").pop().unwrap()["request_id"], "abc", "what is logged of the handler");
        log.clear();
        client.get("/id").send();
        assert_eq!(log.accesses().pop().unwrap().get("trace_id"), None);
    }
}
