//! Responders: what each value of a handler becomes.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use serde::Serialize;

/// One handler for each value: name, path, type, value.
macro_rules! values {
    ($($name:ident $path:literal $type:ty => $value:expr;)+) => {
        $(
            #[get($path)]
            async fn $name() -> $type {
                $value
            }
        )+

        fn client() -> TestClient {
            TestClient::new(App::new(routes![$($name,)+ opaque, plain]))
        }
    };
}

#[derive(Serialize)]
struct Point {
    x: u8,
}

/// Not JSON: its keys are no strings.
fn no_json() -> Json<HashMap<(u8, u8), u8>> {
    Json(HashMap::from([((1, 2), 3)]))
}

/// A head of one's own.
struct Cached;

impl cello::ResponseHead for Cached {
    fn apply(self, head: &mut http::response::Parts) -> Result<(), Problem> {
        head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
        Ok(())
    }
}

/// A responder of one's own.
struct Csv(&'static str);

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        ([("content-type", "text/csv")], self.0).into_response()
    }
}

struct Pieces(Vec<Result<&'static str, std::io::Error>>);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(if self.0.is_empty() { None } else { Some(self.0.remove(0)) })
    }
}

fn pieces(fail: bool) -> Pieces {
    let end = if fail { Err(std::io::Error::other("secret reason")) } else { Ok("two") };
    Pieces(vec![Ok("one"), end])
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

fn secret() -> std::io::Error {
    std::io::Error::other("password is swordfish")
}

fn conflict() -> Problem {
    Problem::new(StatusCode::CONFLICT).with_detail("the name is taken")
}

values! {
    json "/json" Json<Point> => Json(Point { x: 1 });
    json_bad "/json/bad" Json<HashMap<(u8, u8), u8>> => no_json();
    text "/text" &'static str => "text";
    string "/string" String => "string".to_owned();
    cow "/cow" Cow<'static, str> => Cow::Borrowed("cow");
    html "/html" Html<&'static str> => Html("<p>");
    bytes "/bytes" Bytes => Bytes::from_static(b"bytes");
    vec "/vec" Vec<u8> => b"vec".to_vec();
    slice "/slice" &'static [u8] => b"slice";
    streaming "/streaming" Streaming<Pieces> => Streaming(pieces(false));
    streaming_bad "/streaming/bad" Streaming<Pieces> => Streaming(pieces(true));
    streaming_typed "/streaming/typed" ([(&'static str, &'static str); 1], Streaming<Pieces>) =>
        ([("content-type", "text/plain")], Streaming(pieces(false)));
    body "/body" Body => Body::from("body");
    unit "/unit" () => ();
    nothing "/nothing" NoContent => NoContent;
    status "/status" StatusCode => StatusCode::IM_A_TEAPOT;
    created "/created" Created<Json<Point>> => Created::at(plain::path(), Json(Point { x: 2 }));
    created_bad "/created/bad" Created<&'static str> => Created::at("/x\ny", "body");
    created_no_json "/created/no-json" Created<Json<HashMap<(u8, u8), u8>>> => Created::at("/x", no_json());
    see_other "/303" Redirect => Redirect::see_other("/text?a=1");
    temporary "/307" Redirect => Redirect::temporary(plain::path());
    permanent "/308" Redirect => Redirect::permanent("https://example.org/");
    redirect_to "/to" Redirect => Redirect::to("/text?a=1");
    redirect_bad "/redirect/bad" Redirect => Redirect::see_other("/a\r\nset-cookie: x=1");
    with_status "/with/status" (StatusCode, &'static str) => (StatusCode::ACCEPTED, "later");
    with_headers "/with/headers" ([(&'static str, &'static str); 2], &'static str) =>
        ([("x-a", "1"), ("content-type", "text/x-own")], "body");
    with_both "/with/both" (StatusCode, [(HeaderName, &'static str); 1], Json<Point>) =>
        (StatusCode::ACCEPTED, [(header::ETAG, "\"1\"")], Json(Point { x: 3 }));
    with_map "/with/map" (HeaderMap, &'static str) =>
        (headers(&[("x-a", "1"), ("x-a", "2"), ("content-type", "text/x-own")]), "body");
    with_cookies "/with/cookies" ([(&'static str, &'static str); 2], ()) =>
        ([("set-cookie", "a=1"), ("set-cookie", "b=2")], ());
    with_option "/with/option" (Option<StatusCode>, Option<HeaderMap>, &'static str) =>
        (None, Some(headers(&[("x-a", "1")])), "body");
    with_own "/with/own" (StatusCode, Cached, &'static str) => (StatusCode::OK, Cached, "body");
    with_bad_value "/with/bad-value" ([(&'static str, String); 1], &'static str) =>
        ([("x-a", "a\nb: swordfish".to_owned())], "body");
    with_bad_name "/with/bad-name" (StatusCode, [(&'static str, &'static str); 1], &'static str) =>
        (StatusCode::ACCEPTED, [("x a", "swordfish")], "body");
    with_no_json "/with/no-json" (StatusCode, Json<HashMap<(u8, u8), u8>>) => (StatusCode::ACCEPTED, no_json());
    some "/some" Option<&'static str> => Some("some");
    none "/none" Option<&'static str> => None;
    ok "/ok" Result<&'static str, Problem> => Ok("fine");
    err "/err" Result<&'static str, Problem> => Err(conflict());
    err_status "/err/status" Result<&'static str, StatusCode> => Err(StatusCode::LOCKED);
    err_tuple "/err/tuple" Result<NoContent, (StatusCode, &'static str)> => Err((StatusCode::LOCKED, "locked"));
    error "/error" cello::Result<&'static str> => Err(secret().into());
    error_dressed "/error/dressed" (StatusCode, cello::Result<&'static str>) => (StatusCode::OK, Err(secret().into()));
    error_msg "/error/msg" cello::Result<&'static str> => Err(cello::Error::msg("password is swordfish"));
    error_problem "/error/problem" cello::Result<&'static str> => {
        Err(conflict())?;
        Ok("never")
    };
    boxed "/boxed" Box<&'static str> => Box::new("boxed");
    impls "/impl" impl IntoResponse + use<> => (StatusCode::OK, "hidden");
    link "/link" cello::Link => plain::path();
    own "/own" Csv => Csv("a;b");
    response "/response" Response => {
        let mut response = Response::new(Body::from("raw"));
        *response.status_mut() = StatusCode::from_u16(299).unwrap();
        response
    };
    infallible "/infallible" Result<&'static str, Infallible> => Ok("always");
}

#[get("/opaque")]
async fn opaque() -> impl IntoResponse {
    (StatusCode::ACCEPTED, "opaque")
}

#[get("/plain")]
fn plain() -> &'static str {
    "plain"
}

const BARE_500: &str = r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#;

fn row(response: &TestResponse) -> (u16, Option<&str>, &str) {
    (response.status().as_u16(), response.header("content-type"), response.text())
}

#[test]
fn every_value_has_its_status_type_and_body() {
    let client = client();
    let (text, json, binary, problem) = (
        Some("text/plain; charset=utf-8"),
        Some("application/json"),
        Some("application/octet-stream"),
        Some("application/problem+json"),
    );
    for (target, expected) in [
        ("/json", (200, json, r#"{"x":1}"#)),
        ("/text", (200, text, "text")),
        ("/string", (200, text, "string")),
        ("/cow", (200, text, "cow")),
        ("/html", (200, Some("text/html; charset=utf-8"), "<p>")),
        ("/bytes", (200, binary, "bytes")),
        ("/vec", (200, binary, "vec")),
        ("/slice", (200, binary, "slice")),
        ("/streaming", (200, binary, "onetwo")),
        ("/streaming/typed", (200, Some("text/plain"), "onetwo")),
        ("/body", (200, None, "body")),
        ("/unit", (200, None, "")),
        ("/nothing", (204, None, "")),
        ("/status", (418, None, "")),
        ("/created", (201, json, r#"{"x":2}"#)),
        ("/with/status", (202, text, "later")),
        ("/with/headers", (200, Some("text/x-own"), "body")),
        ("/with/both", (202, json, r#"{"x":3}"#)),
        ("/with/map", (200, Some("text/x-own"), "body")),
        ("/with/option", (200, text, "body")),
        ("/with/own", (200, text, "body")),
        ("/some", (200, text, "some")),
        ("/none", (404, problem, r#"{"type":"about:blank","title":"Not Found","status":404}"#)),
        ("/ok", (200, text, "fine")),
        (
            "/err",
            (
                409,
                problem,
                r#"{"type":"about:blank","title":"Conflict","status":409,"detail":"the name is taken"}"#,
            ),
        ),
        ("/err/status", (423, None, "")),
        ("/err/tuple", (423, text, "locked")),
        ("/boxed", (200, text, "boxed")),
        ("/impl", (200, text, "hidden")),
        ("/opaque", (202, text, "opaque")),
        ("/plain", (200, text, "plain")),
        ("/link", (200, text, "/plain")),
        ("/own", (200, Some("text/csv"), "a;b")),
        ("/response", (299, None, "raw")),
        ("/infallible", (200, text, "always")),
    ] {
        assert_eq!(row(&client.get(target).send()), expected, "{target}");
    }
}

#[test]
fn locations() {
    let client = client();
    for (target, status, location) in [
        ("/created", 201, "/plain"),
        ("/303", 303, "/text?a=1"),
        ("/to", 303, "/text?a=1"),
        ("/307", 307, "/plain"),
        ("/308", 308, "https://example.org/"),
    ] {
        let response = client.get(target).send();
        assert_eq!((response.status().as_u16(), response.header("location")), (status, Some(location)));
    }
}

#[test]
fn headers_of_a_tuple_replace_those_of_the_body_and_keep_each_other() {
    let client = client();
    let all = |target: &str, name: &str| -> Vec<String> {
        let response = client.get(target).send();
        response.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(all("/with/headers", "content-type"), ["text/x-own"]);
    assert_eq!(all("/with/map", "content-type"), ["text/x-own"]);
    assert_eq!(all("/with/map", "x-a"), ["1", "2"]);
    assert_eq!(all("/with/cookies", "set-cookie"), ["a=1", "b=2"]);
    assert_eq!(all("/with/option", "x-a"), ["1"]);
    assert_eq!(all("/with/own", "cache-control"), ["max-age=60"]);
    assert_eq!(all("/with/both", "etag"), ["\"1\""]);
}

#[test]
fn an_error_of_any_kind_is_a_bare_500_and_tells_nothing() {
    let client = client();
    for target in [
        "/error",
        "/error/msg",
        "/error/dressed",
        "/json/bad",
        "/created/bad",
        "/created/no-json",
        "/redirect/bad",
        "/with/bad-value",
        "/with/bad-name",
        "/with/no-json",
    ] {
        let response = client.get(target).send();
        assert_eq!(row(&response), (500, Some("application/problem+json"), BARE_500), "{target}");
        assert!(!format!("{:?}", response.headers()).contains("swordfish"), "{target}");
        assert!(response.header("location").is_none() && response.header("set-cookie").is_none());
    }
}

#[test]
fn a_problem_through_an_error_is_answered_as_it_is() {
    let client = client();
    let (direct, through) = (client.get("/err").send(), client.get("/error/problem").send());
    assert_eq!(row(&through), row(&direct));
}

#[test]
fn a_stream_that_fails_ends_the_response_early() {
    let response = client().get("/streaming/bad").send();
    assert_eq!(response.status(), 200);
    assert!(response.try_bytes().is_err());
}

#[get("/made?<some>")]
async fn made(some: bool) -> (StatusCode, [(&'static str, &'static str); 1], Option<&'static str>) {
    (StatusCode::CREATED, [("x-kept", "1")], some.then_some("made"))
}

#[test]
fn a_problem_keeps_its_status_in_a_tuple() {
    let client = TestClient::new(App::new(routes![made]));
    let found = client.get("/made?some=true").send();
    assert_eq!((found.status().as_u16(), found.header("x-kept")), (201, Some("1")));
    let missing = client.get("/made?some=false").send();
    assert_eq!((missing.status().as_u16(), missing.header("x-kept")), (404, Some("1")));
    assert_eq!(missing.header("content-type"), Some("application/problem+json"));
}
