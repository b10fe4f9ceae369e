//! Middleware: order, scopes, what each scope sees, and what a middleware may do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

/// Leaves its name on the way in (`x-in`) and on the way out (`x-out`).
#[derive(Clone)]
struct Mark(&'static str);

impl Middleware for Mark {
    async fn handle<'a>(&'a self, mut request: Request, next: Next<'a, impl Handle>) -> Response {
        request.headers_mut().append("x-in", HeaderValue::from_static(self.0));
        let mut response = next.run(request).await;
        response.headers_mut().append("x-out", HeaderValue::from_static(self.0));
        response
    }
}

/// Counts the requests that pass this instance.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Middleware for Counter {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let mut response = next.run(request).await;
        response.headers_mut().append("x-count", HeaderValue::from(count));
        response
    }
}

/// The same as a function.
async fn function(mut request: Request, next: Next<'_>) -> Response {
    request.headers_mut().append("x-in", HeaderValue::from_static("function"));
    next.run(request).await
}

async fn stop(_: Request, _: Next<'_>) -> (StatusCode, &'static str) {
    (StatusCode::IM_A_TEAPOT, "stopped")
}

fn marks(headers: &HeaderMap, name: &str) -> String {
    let all: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
    all.join(" ")
}

#[get("/")]
async fn index(headers: &HeaderMap) -> String {
    marks(headers, "x-in")
}

#[get("/single", with(Mark("route"), function))]
async fn single(headers: &HeaderMap) -> String {
    marks(headers, "x-in")
}

#[cello::blueprint("/outer", with(Mark("outer"), Mark("outer2")))]
mod outer {
    use super::*;

    #[get("/")]
    async fn index(headers: &HeaderMap) -> String {
        marks(headers, "x-in")
    }

    #[get("/fails")]
    async fn fails() -> Problem {
        Problem::new(StatusCode::CONFLICT)
    }

    #[get("/guarded", guard(Closed))]
    async fn guarded() -> &'static str {
        "never"
    }

    #[blueprint("/inner", with(Mark("inner")))]
    mod inner {
        use super::*;

        #[get("/<id>", with(Mark("route")))]
        async fn deep(id: u8, headers: &HeaderMap) -> String {
            format!("{id} {}", marks(headers, "x-in"))
        }
    }
}

struct Closed;

impl FromRequest for Closed {
    type Rejection = Problem;
    type State = ();

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        Err(Problem::new(StatusCode::FORBIDDEN))
    }
}

#[cello::blueprint("/counted", with(Counter::default()))]
mod counted {
    use super::*;

    #[get("/a")]
    async fn a() {}

    #[get("/b")]
    async fn b() {}

    #[get("/own", with(Counter::default()))]
    async fn own() {}

    #[blueprint("/child")]
    mod child {
        use super::*;

        #[get("/")]
        async fn c() {}
    }
}

#[get("/echo/<word>?<q>")]
async fn echo(word: &str, q: Option<&str>, method: &Method, uri: &Uri) -> String {
    format!("{method} {word} {q:?} {uri}")
}

#[post("/echo/<word>")]
async fn echo_post(word: &str, body: String) -> String {
    format!("POST {word} {body}")
}

#[get("/scoped/<word>", with(rewrite))]
async fn scoped(word: &str, uri: &Uri, method: &Method) -> String {
    format!("{method} {word} {uri}")
}

#[get("/stopped", with(stop))]
async fn stopped() -> &'static str {
    "never"
}

struct Pieces(u8);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 = self.0.saturating_sub(1);
        Poll::Ready((self.0 > 0).then_some(Ok("piece")))
    }
}

#[get("/streamed", with(upper_case))]
async fn streamed() -> Streaming<Pieces> {
    Streaming(Pieces(4))
}

#[post("/upload", with(upper_case))]
async fn upload(body: String) -> String {
    body
}

/// Changes method and target as the request asks.
async fn rewrite(mut request: Request, next: Next<'_>) -> Response {
    let text = |request: &Request, name: &str| {
        request.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    if let Some(method) = text(&request, "x-method") {
        *request.method_mut() = method.parse().unwrap();
    }
    if let Some(target) = text(&request, "x-target") {
        *request.uri_mut() = target.parse().unwrap();
    }
    next.run(request).await
}

/// Wraps the bodies of request and response, piece by piece.
async fn upper_case(request: Request, next: Next<'_>) -> Response {
    struct Upper(Body);
    impl futures_core::Stream for Upper {
        type Item = Result<Vec<u8>, cello::BodyError>;
        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Pin::new(&mut self.0).poll_next(cx).map_ok(|piece| piece.to_ascii_uppercase())
        }
    }
    let request = request.map(|body| Body::from_stream(Upper(body)));
    next.run(request).await.map(|body| Body::from_stream(Upper(body)))
}

/// Says which route was found.
async fn routed(request: Request, next: Next<'_>) -> Response {
    let name = next.route().map_or("none", |route| route.name());
    let peer = next.peer_addr().is_some();
    let state = next.state::<u8>().is_some();
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-route", HeaderValue::from_static(name));
    response.headers_mut().insert("x-facts", HeaderValue::try_from(format!("{peer} {state}")).unwrap());
    response
}

fn app() -> impl Application {
    App::new(routes![index, single, outer, counted, echo, echo_post, scoped, stopped, streamed, upload])
        .with(routed)
        .with(Mark("first"))
        .with(None::<Mark>)
        .with(Some(Mark("second")))
        .with(Arc::new(Mark("third")))
        .with(rewrite)
}

fn out(response: &TestResponse) -> String {
    marks(response.headers(), "x-out")
}

#[test]
fn the_first_added_is_outermost_application_then_blueprints_then_route() {
    let client = TestClient::new(app());
    for (target, inwards, outwards) in [
        ("/", "first second third", "third second first"),
        ("/single", "first second third route function", "route third second first"),
        ("/outer", "first second third outer outer2", "outer2 outer third second first"),
        (
            "/outer/inner/7",
            "7 first second third outer outer2 inner route",
            "route inner outer2 outer third second first",
        ),
    ] {
        let response = client.get(target).send();
        assert_eq!((response.text(), &*out(&response)), (inwards, outwards), "{target}");
    }
}

#[test]
fn every_scope_sees_the_errors_of_its_own_routes() {
    let client = TestClient::new(app());
    for (target, status) in [("/outer/fails", 409), ("/outer/guarded", 403), ("/outer/inner/x", 400)] {
        let response = client.get(target).send();
        assert_eq!(response.status(), status);
        assert!(out(&response).ends_with("outer2 outer third second first"), "{target}: {}", out(&response));
    }
}

#[test]
fn only_the_application_sees_requests_without_a_route() {
    let client = TestClient::new(app());
    for (response, status) in [
        (client.get("/outer/nothing").send(), 404),
        (client.delete("/outer").send(), 405),
        (client.options("/outer").send(), 204),
        (client.get("/outer/%").send(), 400),
        (client.request(Method::from_bytes(b"BREW").unwrap(), "/outer").send(), 501),
        (client.get("/nothing").send(), 404),
    ] {
        assert_eq!((response.status().as_u16(), &*out(&response)), (status, "third second first"));
        assert_eq!(response.header("x-route"), Some("none"));
    }
}

#[test]
fn a_preflight_passes_the_scopes_of_the_route_that_it_asks_about() {
    let client = TestClient::new(app());
    let ask = |method: &str, target: &str| {
        client
            .options(target)
            .header("origin", "https://a.example")
            .header("access-control-request-method", method)
            .send()
    };
    let response = ask("GET", "/outer");
    assert_eq!((response.status().as_u16(), &*out(&response)), (204, "outer2 outer third second first"));
    let response = ask("DELETE", "/outer");
    assert_eq!((response.status().as_u16(), &*out(&response)), (204, "third second first"));
}

#[test]
fn a_blueprint_has_one_instance_for_all_its_routes_and_a_route_its_own() {
    let client = TestClient::new(app());
    let counts: Vec<String> =
        ["/counted/a", "/counted/b", "/counted/child", "/counted/own", "/counted/a", "/counted/own"]
            .into_iter()
            .map(|target| marks(client.get(target).send().headers(), "x-count"))
            .collect();
    assert_eq!(counts, ["1", "2", "3", "1 4", "5", "2 6"]);
    // Another application has instances of its own.
    let other = TestClient::new(app()).get("/counted/a").send();
    assert_eq!(other.header("x-count"), Some("1"));
}

#[test]
fn a_middleware_may_answer_itself() {
    let client = TestClient::new(
        App::new(routes![index, stopped]).with(Mark("outside")).with(stop).with(Mark("inside")),
    );
    let response = client.get("/").send();
    assert_eq!((response.status().as_u16(), response.text()), (418, "stopped"));
    assert_eq!(out(&response), "outside");
    assert_eq!(TestClient::new(app()).get("/stopped").send().text(), "stopped");
}

#[test]
fn what_the_application_rewrites_is_routed_anew() {
    let client = TestClient::new(app());
    for (method, target, text) in [
        ("GET", "/echo/new%20one?q=1", "GET new one Some(\"1\") /echo/new%20one?q=1"),
        ("POST", "/echo/other", "POST other text"),
        ("GET", "/outer", "first second third outer outer2"),
        ("POST", "/", "HTTP 405"),
        ("GET", "/nothing", "HTTP 404"),
        ("GET", "/outer/inner/300", "HTTP 400"),
    ] {
        let response = client
            .get("/echo/old?q=0")
            .header("x-method", method)
            .header("x-target", target)
            .body("text")
            .send();
        match text.strip_prefix("HTTP ") {
            Some(status) => assert_eq!(response.status().as_str(), status, "{method} {target}"),
            None => assert_eq!(response.text(), text, "{method} {target}"),
        }
        // Middleware outside knows the route of what came in.
        assert_eq!(response.header("x-route"), Some("echo"));
    }
    // The query alone decides no route, but it is the new one that is read.
    let response = client.get("/echo/old?q=0").header("x-target", "/echo/old?q=new").send();
    assert_eq!(response.text(), "GET old Some(\"new\") /echo/old?q=new");
    // From nothing to something.
    assert_eq!(
        client.get("/nothing").header("x-target", "/echo/found").send().text(),
        "GET found None /echo/found"
    );
}

#[test]
fn what_a_route_rewrites_stays_with_the_route_and_its_parameters() {
    let client = TestClient::new(App::new(routes![scoped, echo]));
    for (target, word) in [("/scoped/a%20word", "a word"), ("/scoped/plain", "plain")] {
        for new in ["/x", "/echo/longer/than/before%20", "/scoped/%7E", "*", "http://host.example"] {
            let response = client.get(target).header("x-target", new).header("x-method", "PUT").send();
            let uri: Uri = new.parse().unwrap();
            assert_eq!(response.text(), format!("PUT {word} {uri}"), "{target} to {new}");
        }
    }
}

#[test]
fn bodies_are_wrapped_as_they_stream() {
    let client = TestClient::new(app());
    assert_eq!(client.get("/streamed").send().text(), "PIECEPIECEPIECE");
    assert_eq!(client.post("/upload").body("text").send().text(), "TEXT");
    assert_eq!(client.post("/upload").body(Body::from_stream(Pieces(3))).send().text(), "PIECEPIECE");
}

#[test]
fn next_knows_route_peer_and_state() {
    let client = TestClient::new(app());
    let response = client.get("/outer/inner/7").peer("127.0.0.1:1".parse().unwrap()).send();
    assert_eq!((response.header("x-route"), response.header("x-facts")), (Some("deep"), Some("true false")));
    assert_eq!(client.get("/").send().header("x-facts"), Some("false false"));
}

/// Refuses its configuration.
struct Wrong;

impl Middleware for Wrong {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        next.run(request).await
    }

    fn check(&self) -> cello::Result<()> {
        Err(cello::Error::msg("this cannot be meant"))
    }
}

#[get("/wrong", with(Wrong))]
async fn wrong() {}

#[cello::blueprint("/wrong", with(Some(Wrong)))]
mod wrong_scope {
    use super::*;

    #[get("/")]
    async fn inside() {}
}

#[test]
fn a_configuration_that_is_refused_keeps_the_application_from_starting() {
    for refused in [
        TestClient::builder(App::new(routes![index]).with(Wrong)).try_build(),
        TestClient::builder(App::new(routes![index]).with(Some(Arc::new(Wrong)))).try_build(),
        TestClient::builder(App::new(routes![wrong])).try_build(),
        TestClient::builder(App::new(routes![wrong_scope])).try_build(),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), "this cannot be meant");
    }
    assert!(TestClient::builder(App::new(routes![index]).with(None::<Wrong>)).try_build().is_ok());
}

/// One route has many spellings; a middleware that decides by the route takes them all for what they are.
#[test]
fn the_route_is_the_same_however_its_path_is_spelled() {
    #[get("/admin/<name>")]
    async fn admin(name: &str) -> String {
        name.to_owned()
    }
    async fn closed(request: Request, next: Next<'_>) -> Response {
        let by_text = request.uri().path().starts_with("/admin");
        if next.route().is_some_and(|route| route.pattern().starts_with("/admin")) {
            return (StatusCode::FORBIDDEN, format!("by text: {by_text}")).into_response();
        }
        next.run(request).await
    }
    let client = TestClient::new(App::new(routes![admin]).with(closed));
    for (path, by_text) in [("/admin/x", true), ("/%61dmin/x", false), ("/%61%64min/x/", false)] {
        let response = client.get(path).send();
        assert_eq!((response.status().as_u16(), response.text()), (403, &*format!("by text: {by_text}")));
    }
}
