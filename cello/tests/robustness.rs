//! No request makes the framework panic or answer 500: random methods, targets, headers and bodies against every
//! extractor. The generator is seeded, so that a failure comes again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::pin::Pin;
use std::task::{Context, Poll};

use cello::TrailingSlash;
use cello::extract::{Authorization, Bearer, ContentType, Host, UserAgent};
use cello::prelude::*;
use cello::testing::TestClient;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Everything {
    id: u64,
    name: String,
    #[serde(default)]
    tags: Vec<String>,
    color: Option<Color>,
    ratio: Option<f64>,
    letter: Option<char>,
    nested: Option<Box<Everything>>,
    #[serde(default)]
    rest: HashMap<String, serde_json::Value>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Color {
    Red,
    Green,
    Mixed(u8, u8),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)] // read through `Debug`
struct Filter {
    id: Option<u8>,
    #[serde(default)]
    tags: Vec<Color>,
    color: Option<Color>,
    ratio: Option<f32>,
    unit: Option<()>,
    pair: Option<(u8, u8)>,
    wrapped: Option<Wrapped>,
    flag: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Wrapped(i64);

#[get("/a/<id>/<name>?<q>&<n>&<many>")]
async fn typed(
    id: u32,
    name: &str,
    q: Option<&str>,
    n: Option<i8>,
    many: Vec<Cow<'_, str>>,
    headers: &HeaderMap,
    uri: &Uri,
) -> String {
    format!("{id} {name} {q:?} {n:?} {many:?} {} {uri}", headers.len())
}

#[get("/a/<ip>/v<major>?<filter..>")]
async fn affixed(ip: IpAddr, major: NonZeroU16, filter: Filter) -> String {
    format!("{ip} {major} {filter:?}")
}

#[get("/a/<rest..>")]
async fn rest(
    rest: &str,
    filter: Result<Query<Filter>, Problem>,
    agent: Option<Header<UserAgent>>,
    host: Result<Header<Host>, Problem>,
    client: Option<ClientAddr>,
) -> String {
    format!("{rest} {filter:?} {agent:?} {} {client:?}", host.is_ok())
}

#[get("/headers")]
async fn headers(token: Header<Authorization<Bearer>>, kind: Header<ContentType>) -> String {
    format!("{token:?} {kind:?}")
}

#[post("/json/<rest..>")]
async fn json(rest: &str, body: Json<Everything>) -> Json<Everything> {
    let _ = rest;
    body
}

#[put("/json")]
async fn json_or(body: Option<Json<Everything>>) -> Json<Option<u64>> {
    Json(body.map(|body| body.id))
}

#[post("/form")]
async fn form(body: Form<Filter>) -> String {
    format!("{:?}", body.0)
}

#[put("/form", body_limit = 64)]
async fn form_or(body: Result<Form<Everything>, Problem>) -> Result<Json<Everything>, Problem> {
    Ok(Json(body?.0))
}

#[any("/text")]
async fn text(body: Option<String>) -> Option<String> {
    body
}

#[post("/bytes")]
async fn bytes(body: Result<Bytes, Problem>) -> Result<Bytes, Problem> {
    body
}

#[patch("/request")]
async fn request(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut response = Response::new(body);
    *response.headers_mut() = parts.headers;
    response
}

macro_rules! app {
    () => {
        App::new(routes![typed, affixed, rest, headers, json, json_or, form, form_or, text, bytes, request])
            .enable_logging()
            .enable_cors()
            .enable_compression()
            .limits(Limits::default().body(4000))
    };
}

/// A stream of numbers that looks random and is always the same (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.below(256) as u8).collect()
    }
}

const METHODS: [&str; 12] = [
    "GET",
    "GET",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "HEAD",
    "OPTIONS",
    "DELETE",
    "CONNECT",
    "BREW",
    "!#$%&'*+-.^_`|~",
];
const SEGMENTS: [&str; 40] = [
    "a",
    "a",
    "a",
    "json",
    "form",
    "text",
    "bytes",
    "request",
    "headers",
    "7",
    "0",
    "-1",
    "4294967296",
    "v1",
    "v0",
    "v",
    "::1",
    "127.0.0.1",
    "",
    "",
    ".",
    "..",
    "%2F",
    "%2f",
    "%61",
    "%00",
    "%ff",
    "%C3%A9",
    "%C3",
    "%",
    "%2",
    "%zz",
    "%%",
    "\\",
    "a+b",
    "caf\u{e9}",
    "~!$&'()*,;=:@",
    "<id>",
    "{id}",
    "[x]",
];
const KEYS: [&str; 20] = [
    "q", "n", "many", "many", "id", "tags", "tags", "color", "ratio", "unit", "pair", "wrapped", "flag",
    "name", "%71", "%ff", "%", "", "nested", "letter",
];
const VALUES: [&str; 26] = [
    "",
    "1",
    "-1",
    "256",
    "1e999",
    "NaN",
    "-0.0",
    "true",
    "red",
    "mixed",
    "Red",
    "a+b",
    "%2B",
    "%ff",
    "%",
    "%zz",
    "%00",
    "a=b=c",
    "\u{e9}",
    "%F0%9F%A6%80",
    "99999999999999999999999999999999999999999",
    "[1,2]",
    "{\"a\":1}",
    "%0D%0Ax:+y",
    "x",
    "null",
];
const HEADERS: [&str; 12] = [
    "content-type",
    "content-type",
    "authorization",
    "host",
    "user-agent",
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "accept-encoding",
    "content-length",
    "x-request-id",
    "accept",
];
const FIELDS: [&[u8]; 24] = [
    b"application/json",
    b"application/json",
    b"application/x-www-form-urlencoded",
    b"application/x-www-form-urlencoded",
    b"application/json; charset=utf-16",
    b"APPLICATION/x+JSON",
    b";;;",
    b"",
    b"*",
    b"\xff\xfe",
    b"Bearer x",
    b"Bearer",
    b"bearer \t",
    b"https://example.org",
    b"null",
    b"GET",
    b"DELETE",
    b"gzip;q=1.0, *;q=0",
    b"gzip;q=nan,,;",
    b"identity;q=0, *;q=0",
    b"17",
    b"-1",
    b"x-a, x-b",
    b"deflate, gzip",
];
const TEXTS: [&str; 22] = [
    r#"{"id":1,"name":"x"}"#,
    r#"{"id":1,"name":"x","tags":["a","b"],"color":"red","ratio":1.5,"letter":"y"}"#,
    r#"{"id":-1}"#,
    r#"{"id":18446744073709551616,"name":""}"#,
    r#"{"id":1,"name":"\ud800"}"#,
    r#"{"id":1,"name":"x","nested":{"id":"#,
    r#"{"id":1,"name":"x","nested":{"id":2,"name":3}}"#,
    r#"{"id":1,"name":"x","color":{"mixed":[1]}}"#,
    r#"{"id":1,"id":2}"#,
    "[[[[[[",
    "null",
    "\"",
    "{\"a\\",
    "1e400",
    "\u{feff}{}",
    "{\"\u{0}\":1}",
    "id=1&name=x",
    "id=1&name=%ff&tags=a&tags=b",
    "color=red&pair=1&pair=2&pair=3",
    "&&&===&&&",
    "id=1&id=2&name",
    "wrapped=%2D1&unit=&flag=true&ratio=inf",
];

/// Requests that reach a handler, so that its extractors see what comes.
const AIMED: [&str; 14] = [
    "POST /json/x",
    "POST /json/x",
    "PUT /json",
    "POST /form",
    "POST /form",
    "PUT /form",
    "POST /text",
    "POST /bytes",
    "PATCH /request",
    "GET /a/1/x",
    "GET /a/1/%C3%A9",
    "GET /a/::1/v3",
    "GET /a/127.0.0.1/v65536",
    "GET /headers",
];

fn target(random: &mut Random, path: &str) -> String {
    let mut target = path.to_owned();
    if path.is_empty() && random.one_in(40) {
        return random
            .pick(&["*", "http://example.org", "https://u:p@[::1]:1/a/1/x", "example.org:443", "//a", "/"])
            .to_owned();
    }
    for _ in 0..if path.is_empty() { 1 + random.below(5) } else { 0 } {
        target.push('/');
        target.push_str(random.pick(&SEGMENTS));
        if random.one_in(100) {
            target.push_str(&"x".repeat(3000));
        }
    }
    if random.one_in(3) {
        target.push('/');
    }
    if !random.one_in(3) {
        target.push('?');
        for _ in 0..random.below(6) {
            let (key, value) = (random.pick(&KEYS), random.pick(&VALUES));
            target.push_str(key);
            target.push_str(if random.one_in(5) { "" } else { "=" });
            target.push_str(value);
            target.push_str(if random.one_in(5) { "&&" } else { "&" });
        }
    }
    target
}

/// Pieces of a body, the last of which may fail.
struct Pieces {
    pieces: Vec<Vec<u8>>,
    fails: bool,
}

impl futures_core::Stream for Pieces {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let end = || std::io::Error::other("the connection is gone");
        let fails = self.fails;
        Poll::Ready(self.pieces.pop().map(Ok).or_else(|| fails.then(|| Err(end()))))
    }
}

fn body(random: &mut Random) -> Body {
    match random.below(8) {
        0 => Body::empty(),
        1 => Body::from(random.bytes(200)),
        2 => Body::from(vec![b' '; random.below(10_000)]),
        3 => {
            let pieces = (0..random.below(5)).map(|_| random.bytes(2000)).collect();
            Body::from_stream(Pieces { pieces, fails: random.one_in(2) })
        }
        4 => {
            // A text with a few bytes changed.
            let mut text = random.pick(&TEXTS).as_bytes().to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(text.len());
                text[at] = random.below(256) as u8;
            }
            Body::from(text)
        }
        5 => {
            let text = random.pick(&TEXTS).as_bytes();
            let middle = random.below(text.len());
            let pieces = vec![text[middle..].to_vec(), text[..middle].to_vec()];
            Body::from_stream(Pieces { pieces, fails: random.one_in(5) })
        }
        _ => Body::from(random.pick(&TEXTS)),
    }
}

/// Sends as many requests, and counts the answers by their status.
fn storm(client: &TestClient, seed: u64, requests: usize) -> HashMap<u16, usize> {
    let mut random = Random(seed);
    let mut counts = HashMap::new();
    for index in 0..requests {
        let (mut method, mut path) = (random.pick(&METHODS), "");
        let aimed = random.one_in(2);
        if aimed {
            (method, path) = random.pick(&AIMED).split_once(' ').unwrap();
        }
        let target = target(&mut random, path);
        if target.parse::<Uri>().is_err() {
            continue;
        }
        let mut request = client.request(method.parse().unwrap(), &target);
        if aimed && random.one_in(2) {
            request =
                request.header("content-type", HeaderValue::from_bytes(random.pick(&FIELDS[..4])).unwrap());
        }
        for _ in 0..random.below(5) {
            let (name, value) = (random.pick(&HEADERS), random.pick(&FIELDS));
            request = request.header(name, HeaderValue::from_bytes(value).unwrap());
        }
        let response = request.body(body(&mut random)).send();
        let status = response.status().as_u16();
        *counts.entry(status).or_insert(0) += 1;
        assert_ne!(status, 500, "seed {seed}, request {index}: {method} {target}");
        if status >= 400 && *method != *"HEAD" {
            assert!(response.problem().is_some(), "seed {seed}, request {index}: {method} {target}");
        }
        if *method == *"HEAD" {
            assert!(response.bytes().is_empty());
        }
        if status == 405 {
            assert_eq!(response.headers().get_all("allow").iter().count(), 1);
        }
        if let Some(location) = response.header("location") {
            assert!(!location.starts_with("//") && !location.starts_with("/\\"), "{location}");
        }
    }
    counts
}

#[test]
fn no_request_is_answered_500() {
    let mut seen = HashMap::new();
    for (seed, policy) in
        [(1, TrailingSlash::Ignore), (2, TrailingSlash::Strict), (3, TrailingSlash::Redirect)]
    {
        let client = TestClient::new(app!().trailing_slash(policy));
        for (status, count) in storm(&client, seed * 0x9E37_79B9, 5_000) {
            *seen.entry(status).or_insert(0) += count;
        }
    }
    // The storm reaches all that it should.
    for status in [200, 204, 308, 400, 404, 405, 413, 415, 422, 501] {
        assert!(seen.get(&status).is_some_and(|&count| count >= 5), "{status}: {seen:?}");
    }
}

#[test]
fn no_request_is_answered_500_below_a_base_path_and_with_a_page_for_errors() {
    let app = app!().base_path("/a").render_errors(|problem, parts| {
        (problem.status(), format!("{problem} {} {:?}", parts.uri, parts.headers)).into_response()
    });
    let seen = storm(&TestClient::new(app), 0xC0FF_EE00, 5_000);
    assert!(seen.len() > 5, "{seen:?}");
}
