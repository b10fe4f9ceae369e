//! Extractors that leave the body alone, one's own, and the order in which they run.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use cello::Version;
use cello::extract::{Authorization, Bearer, ContentType, Host, UserAgent};
use cello::prelude::*;
use cello::testing::TestClient;

struct Greeting(&'static str);

#[derive(Default)]
struct Journal(Mutex<Vec<&'static str>>);

#[derive(AppState)]
struct Services {
    greeting: Greeting,
    journal: Journal,
}

#[derive(Clone)]
struct Stamp(u32);

#[get("/borrowed?<x>")]
async fn borrowed(
    headers: &HeaderMap,
    method: &Method,
    x: &str,
    uri: &Uri,
    extensions: &Extensions,
) -> String {
    format!(
        "{method} {uri} {x} {:?} {:?}",
        headers.get("x-one"),
        extensions.get::<Stamp>().map(|stamp| stamp.0)
    )
}

#[get("/owned")]
async fn owned(headers: HeaderMap, method: Method, uri: Uri, version: Version) -> String {
    format!("{method} {uri} {version:?} {}", headers.len())
}

#[get("/agent")]
async fn agent(agent: Header<UserAgent>) -> String {
    agent.0.0
}

#[get("/several")]
async fn several(
    agent: Option<Header<UserAgent>>,
    host: Result<Header<Host>, Problem>,
    Header(content_type): Header<ContentType>,
) -> String {
    format!("{:?} {:?} {:?}", agent.map(|agent| agent.0), host.ok().map(|host| host.0.0), content_type.0)
}

#[get("/token")]
async fn token(Header(Authorization(bearer)): Header<Authorization<Bearer>>) -> String {
    format!("{} {bearer:?}", bearer.token())
}

#[get("/token/optional")]
async fn token_optional(token: Option<Header<Authorization<Bearer>>>) -> String {
    token.is_some().to_string()
}

struct Level(u8);

impl FromHeader for Level {
    const NAME: HeaderName = HeaderName::from_static("x-level");
    const EXPECTED: &'static str = "an integer from 0 to 255";

    fn from_header(value: &HeaderValue) -> Option<Self> {
        value.to_str().ok()?.parse().ok().map(Self)
    }
}

#[get("/level")]
async fn level(level: Header<Level>) -> String {
    level.0.0.to_string()
}

#[get("/client")]
async fn client_addr(client: ClientAddr) -> String {
    format!("{} {}", client.0, client.ip())
}

#[get("/client/optional")]
async fn client_optional(client: Option<ClientAddr>) -> String {
    format!("{client:?}")
}

#[get("/state")]
async fn state(greeting: &Greeting, again: State<Greeting>) -> String {
    let task = tokio::spawn(async move { again.0 });
    format!("{} {}", greeting.0, task.await.unwrap_or_default())
}

/// An extractor with state, made of another extractor's parts.
struct Greeted(String);

impl FromRequest for Greeted {
    type Rejection = (StatusCode, &'static str);
    type State = (Greeting, Journal);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Self::Rejection> {
        let refused = (StatusCode::IM_A_TEAPOT, "nobody to greet");
        let (greeting, journal) = cx.state().map_err(|_| refused)?;
        journal.0.lock().map_err(|_| refused)?.push("greeted");
        let name = cx.headers().get("x-name").and_then(|name| name.to_str().ok()).ok_or(refused)?;
        let route = cx.route().map_or("", |route| route.name());
        let peer = cx.peer_addr().is_some();
        Ok(Self(format!("{} {name} at {route} {peer} {}", greeting.0, cx.body_limit())))
    }

    fn is_absent(cx: &RequestContext<'_, Self>) -> bool {
        !cx.headers().contains_key("x-name")
    }
}

#[get("/greeted", body_limit = 99)]
async fn greeted(greeted: Greeted) -> String {
    greeted.0
}

#[get("/greeted/optional")]
async fn greeted_optional(greeted: Option<Greeted>) -> String {
    greeted.map_or_else(|| "nobody".to_owned(), |greeted| greeted.0)
}

#[get("/greeted/judged")]
async fn greeted_judged(greeted: Result<Greeted, (StatusCode, &'static str)>) -> String {
    greeted.map_or_else(|(status, _)| format!("judged {status}"), |greeted| greeted.0)
}

/// Notes that it ran, and rejects if it is asked to.
struct Step<const N: usize>;

impl<const N: usize> FromRequest for Step<N> {
    type Rejection = StatusCode;
    type State = (Journal,);

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, StatusCode> {
        let (journal,) = cx.state().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        journal.0.lock().unwrap().push(["first", "second", "third"][N]);
        tokio::task::yield_now().await;
        let refuse =
            cx.headers().get("x-refuse").is_some_and(|step| step.as_bytes() == N.to_string().as_bytes());
        if refuse { Err(StatusCode::from_u16(450 + N as u16).unwrap()) } else { Ok(Self) }
    }
}

#[post("/order/<id>?<page>")]
async fn order(
    _first: Step<0>,
    body: String,
    id: u8,
    _second: Step<1>,
    journal: &Journal,
    page: Option<u8>,
    _third: Step<2>,
) -> String {
    format!("{id} {page:?} {body} {:?}", journal.0.lock().unwrap())
}

#[get("/journal")]
async fn journal(journal: &Journal) -> String {
    journal.0.lock().unwrap().join(" ")
}

async fn stamped(mut request: Request, next: Next<'_>) -> Response {
    request.extensions_mut().insert(Stamp(7));
    next.run(request).await
}

fn client() -> TestClient {
    let services = Services { greeting: Greeting("hello"), journal: Journal::default() };
    TestClient::new(
        App::new(routes![
            borrowed,
            owned,
            agent,
            several,
            token,
            token_optional,
            level,
            client_addr,
            client_optional,
            state,
            greeted,
            greeted_optional,
            greeted_judged,
            order,
            journal,
        ])
        .state(services)
        .with(stamped),
    )
}

#[test]
fn parts_of_the_request_borrowed_and_owned() {
    let client = client();
    assert_eq!(
        client.get("/borrowed?x=a%20b").header("x-one", "1").send().text(),
        r#"GET /borrowed?x=a%20b a b Some("1") Some(7)"#
    );
    assert_eq!(client.get("/owned").header("a", "1").send().text(), "GET /owned HTTP/1.1 1");
}

#[test]
fn a_typed_header_is_read() {
    let client = client();
    assert_eq!(client.get("/agent").header("user-agent", "tester").send().text(), "tester");
    assert_eq!(client.get("/level").header("x-level", "3").header("x-level", "4").send().text(), "3");
    assert_eq!(
        client.get("/several").header("content-type", "text/plain").send().text(),
        r#"None None "text/plain""#
    );
    for value in ["Bearer abc", "bearer abc", "BEARER  abc "] {
        let response = client.get("/token").header("authorization", value).send();
        assert_eq!(response.text(), "abc Bearer(..)", "{value}");
    }
}

#[test]
fn a_typed_header_is_refused_by_name_and_its_value_is_not_repeated() {
    let client = client();
    for (target, name, value, detail) in [
        ("/agent", "x", "", "header field `user-agent` should be the name of the client, and is missing"),
        (
            "/level",
            "x-level",
            "high",
            "header field `x-level` should be an integer from 0 to 255, and is not",
        ),
        ("/level", "x-level", "256", "header field `x-level` should be an integer from 0 to 255, and is not"),
        (
            "/token",
            "authorization",
            "Basic c2VjcmV0",
            "header field `authorization` should be `Bearer` and a token, and is not",
        ),
        (
            "/token",
            "authorization",
            "Bearer ",
            "header field `authorization` should be `Bearer` and a token, and is not",
        ),
        (
            "/token",
            "authorization",
            "Bearer",
            "header field `authorization` should be `Bearer` and a token, and is not",
        ),
    ] {
        let response = client.get(target).header(name, value).send();
        let status = if target == "/token" { 401 } else { 400 };
        assert_eq!(response.status(), status, "{target} {value}");
        let problem = response.problem().unwrap();
        assert_eq!(problem.detail(), Some(detail));
        let pointer = format!("header/{}", detail.split('`').nth(1).unwrap());
        assert_eq!(problem.errors()[0].pointer, pointer);
    }
}

#[test]
fn an_optional_header_is_none_when_absent_and_rejects_what_is_malformed() {
    let client = client();
    assert_eq!(client.get("/token/optional").send().text(), "false");
    assert_eq!(client.get("/token/optional").header("authorization", "Bearer x").send().text(), "true");
    assert_eq!(client.get("/token/optional").header("authorization", "Basic x").send().status(), 401);
}

#[test]
fn the_address_of_the_client() {
    let client = client();
    let peer = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4000);
    assert_eq!(client.get("/client").peer(peer).send().text(), "127.0.0.1:4000 127.0.0.1");
    assert_eq!(client.get("/client/optional").send().text(), "None");
    assert_eq!(client.get("/client").send().status(), 500);
}

#[test]
fn state_is_borrowed_or_kept() {
    assert_eq!(client().get("/state").send().text(), "hello hello");
}

#[test]
fn an_extractor_of_ones_own_has_state_and_sees_the_request() {
    let client = client();
    assert_eq!(client.get("/greeted").header("x-name", "Ann").send().text(), "hello Ann at greeted false 99");
    let refused = client.get("/greeted").send();
    assert_eq!((refused.status().as_u16(), refused.text()), (418, "nobody to greet"));
    assert_eq!(client.get("/greeted/optional").send().text(), "nobody");
    assert_eq!(client.get("/greeted/judged").send().text(), "judged 418 I'm a teapot");
}

#[test]
fn parameters_come_first_then_extractors_in_the_order_of_the_arguments() {
    let all = client();
    assert_eq!(
        all.post("/order/7?page=2").body("text").send().text(),
        r#"7 Some(2) text ["first", "second", "third"]"#
    );
    for (target, refuse, body, status, ran) in [
        // A parameter that does not parse keeps every extractor from running.
        ("/order/x", "0", "text", 400, ""),
        ("/order/7?page=x", "0", "text", 400, ""),
        ("/order/7", "0", "text", 450, "first"),
        ("/order/7", "1", "text", 451, "first second"),
        ("/order/7", "2", "text", 452, "first second third"),
        // The body is read after all of them, wherever its argument stands.
        ("/order/7", "1", "\u{0}not utf-8", 451, "first second"),
        ("/order/7", "", "\u{0}not utf-8", 400, "first second third"),
    ] {
        let client = client();
        let body = if body.starts_with('\u{0}') { Body::from(&b"\xff"[..]) } else { Body::from(body) };
        let response = client.post(target).header("x-refuse", refuse).body(body).send();
        assert_eq!(response.status(), status, "{target} {refuse}");
        assert_eq!(client.get("/journal").send().text(), ran, "{target} {refuse}");
    }
}
