//! Bodies: what each extractor takes, and how it refuses the rest.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
struct Order {
    id: u32,
    lines: Vec<Line>,
    #[serde(rename = "a/b c", skip_serializing_if = "Option::is_none")]
    odd: Option<bool>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Line {
    sku: String,
    #[serde(rename = "how/many")]
    count: u8,
}

#[derive(Debug, Deserialize)]
struct SignUp {
    name: String,
    age: u8,
    #[serde(default)]
    tag: Vec<String>,
}

#[post("/json")]
async fn json(order: Json<Order>) -> String {
    format!("{} {}", order.id, order.lines.len())
}

#[post("/json/optional")]
async fn json_optional(order: Option<Json<Order>>) -> String {
    format!("{:?}", order.map(|order| order.id))
}

#[post("/json/judged")]
async fn json_judged(order: Result<Json<Order>, Problem>) -> String {
    match order {
        Ok(order) => order.id.to_string(),
        Err(problem) => format!("judged {}", problem.status()),
    }
}

#[post("/json/map")]
async fn json_map(map: Json<HashMap<String, u8>>) -> String {
    map.len().to_string()
}

#[post("/form")]
async fn form(Form(new): Form<SignUp>) -> String {
    format!("{} {} {:?}", new.name, new.age, new.tag)
}

#[post("/form/optional")]
async fn form_optional(new: Option<Form<SignUp>>) -> String {
    format!("{:?}", new.map(|Form(new)| new.name))
}

#[post("/form/judged")]
async fn form_judged(new: Result<Form<SignUp>, Problem>) -> String {
    new.map_or_else(|problem| format!("judged {}", problem.status()), |new| new.0.name)
}

#[post("/bytes")]
async fn bytes(body: Bytes) -> String {
    body.len().to_string()
}

#[post("/bytes/optional")]
async fn bytes_optional(body: Option<Bytes>) -> String {
    format!("{:?}", body.map(|body| body.len()))
}

#[post("/text")]
async fn text(body: String) -> String {
    body
}

#[post("/text/optional")]
async fn text_optional(body: Option<String>) -> String {
    format!("{body:?}")
}

#[post("/text/judged")]
async fn text_judged(body: Result<String, Problem>) -> String {
    body.unwrap_or_else(|problem| format!("judged {}", problem.status()))
}

#[post("/stream")]
async fn stream(body: Body) -> cello::Result<String> {
    match body.collect(usize::MAX).await {
        Ok(bytes) => Ok(bytes.len().to_string()),
        Err(error) => Ok(format!("failed: {error}")),
    }
}

#[post("/passed/problem")]
async fn passed_as_problem(body: Body) -> Result<String, Problem> {
    Ok(body.collect(usize::MAX).await?.len().to_string())
}

#[post("/passed/error")]
async fn passed_as_error(body: Body) -> cello::Result<String> {
    Ok(body.collect(usize::MAX).await?.len().to_string())
}

#[post("/request?<q>")]
async fn request(q: String, request: Request) -> String {
    let (parts, body) = request.into_parts();
    let read = body.collect(usize::MAX).await;
    format!("{q} {} {} {:?}", parts.method, parts.uri, read.map(|bytes| bytes.len()).ok())
}

#[post("/request/optional")]
async fn request_optional(request: Option<Request>) -> String {
    request.is_some().to_string()
}

#[post("/limited", body_limit = 10)]
async fn limited(body: Bytes) -> String {
    body.len().to_string()
}

#[cello::blueprint("/uploads", body_limit = 20)]
mod uploads {
    use super::*;

    #[post("/small")]
    async fn small(body: Bytes) -> String {
        body.len().to_string()
    }

    #[post("/large", body_limit = 30)]
    async fn large(body: String) -> String {
        body.len().to_string()
    }

    #[blueprint("/deep")]
    mod deep {
        use super::*;

        #[post("/")]
        async fn form(body: Body) -> String {
            body.collect(usize::MAX)
                .await
                .map_or_else(|error| format!("failed: {error}"), |bytes| bytes.len().to_string())
        }
    }
}

#[get("/search", body)]
async fn search(query: String) -> String {
    format!("searched {query}")
}

#[derive(Debug)]
struct Checksum(u64);

/// Reads the body by way of another extractor.
impl FromRequest for Checksum {
    type Rejection = Problem;
    type State = ();
    const TAKES_BODY: bool = true;

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(&mut cx.inner()).await?;
        Ok(Self(bytes.iter().map(|byte| u64::from(*byte)).sum()))
    }
}

#[post("/checksum")]
async fn checksum(sum: Checksum) -> String {
    sum.0.to_string()
}

fn client() -> TestClient {
    TestClient::new(
        App::new(routes![
            json,
            json_optional,
            json_judged,
            json_map,
            form,
            form_optional,
            form_judged,
            bytes,
            bytes_optional,
            text,
            text_optional,
            text_judged,
            stream,
            passed_as_problem,
            passed_as_error,
            request,
            request_optional,
            limited,
            uploads,
            search,
            checksum,
        ])
        .limits(Limits::default().body(1000)),
    )
}

/// A body that does not say how long it is, and comes in pieces.
struct Pieces(Vec<&'static [u8]>);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static [u8], Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(if self.0.is_empty() { None } else { Some(Ok(self.0.remove(0))) })
    }
}

fn pieces(count: usize) -> Body {
    Body::from_stream(Pieces(vec![b"0123456789"; count]))
}

fn failing() -> Body {
    struct Failing(bool);
    impl futures_core::Stream for Failing {
        type Item = Result<&'static str, std::io::Error>;
        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let first = std::mem::replace(&mut self.0, false);
            Poll::Ready(Some(if first { Ok("{") } else { Err(std::io::Error::other("secret reason")) }))
        }
    }
    Body::from_stream(Failing(true))
}

fn send(target: &str, content_type: Option<&str>, body: impl Into<Body>) -> TestResponse {
    let client = client();
    let request = client.post(target).body(body);
    match content_type {
        Some(content_type) => request.header("content-type", content_type).send(),
        None => request.send(),
    }
}

fn detail(response: &TestResponse) -> String {
    response.problem().and_then(|problem| problem.detail()).unwrap_or_default().to_owned()
}

const JSON: Option<&str> = Some("application/json");
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

#[test]
fn json_of_the_right_shape_is_read() {
    let order = Order { id: 7, lines: vec![Line { sku: "a".to_owned(), count: 1 }], odd: None };
    assert_eq!(client().post("/json").json(&order).send().text(), "7 1");
}

#[test]
fn json_content_types() {
    let body = r#"{"id":1,"lines":[]}"#;
    for content_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json ;charset=\"utf-8\"",
        "application/merge-patch+json",
        "application/vnd.api+json; ext=x",
    ] {
        assert_eq!(send("/json", Some(content_type), body).text(), "1 0", "{content_type}");
    }
    for content_type in [
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/x+json+xml",
        "json",
        "",
        "*/*",
        "application/",
    ] {
        let response = send("/json", Some(content_type), body);
        assert_eq!(response.status(), 415, "{content_type}");
        assert_eq!(
            detail(&response),
            format!("the body should be `application/json`, not `{content_type}`"),
            "{content_type}"
        );
    }
    let absent = send("/json", None, body);
    assert_eq!(absent.status(), 415);
    assert_eq!(
        detail(&absent),
        "the body should be `application/json`, and the request has no `Content-Type`"
    );
}

#[test]
fn malformed_json_is_a_400_with_line_and_column() {
    for (body, place) in [
        ("{", "EOF while parsing an object, at line 1 column 1"),
        ("{\"id\": 1,\n  oops}", "key must be a string, at line 2 column 3"),
        (r#"{"id":1,"lines":[]} x"#, "trailing characters, at line 1 column 21"),
        (r#"{"id":01}"#, "invalid number, at line 1 column 8"),
    ] {
        let response = send("/json", JSON, body);
        assert_eq!(response.status(), 400, "{body}");
        assert_eq!(detail(&response), format!("the body is not valid JSON: {place}"));
    }
    for body in ["", " \r\n\t"] {
        let response = send("/json", JSON, body);
        assert_eq!(response.status(), 400, "{body:?}");
        assert_eq!(detail(&response), "the body is empty, and should be JSON");
    }
    assert_eq!(send("/json", JSON, &b"{\"id\xff\": 1}"[..]).status(), 400);
    // As deep as a stack, and deeper.
    assert_eq!(send("/json", JSON, format!("{{\"x\":{}", "[".repeat(900))).status(), 400);
}

#[test]
fn json_of_another_shape_is_a_422_that_points_to_the_field() {
    for (body, pointer) in [
        (r#"{"lines":[]}"#, "#/id"),
        (r#"{"id":"x","lines":[]}"#, "#/id"),
        (r#"{"id":-1,"lines":[]}"#, "#/id"),
        (r#"{"id":1,"lines":{}}"#, "#/lines"),
        (r#"{"id":1,"lines":[{"sku":"a","how/many":1},{"sku":2,"how/many":1}]}"#, "#/lines/1/sku"),
        (r#"{"id":1,"lines":[{"sku":"a","how/many":256}]}"#, "#/lines/0/how~1many"),
        (r#"{"id":1,"lines":[{"sku":"a"}]}"#, "#/lines/0/how~1many"),
        (r#"{"id":1,"lines":[],"a/b c":1}"#, "#/a~1b%20c"),
        ("[]", "#"),
        ("null", "#"),
        ("\"text\"", "#"),
    ] {
        let response = send("/json", JSON, body);
        assert_eq!(response.status(), 422, "{body}");
        let problem = response.problem().unwrap();
        assert_eq!(problem.errors()[0].pointer, pointer, "{body}: {problem}");
    }
    let response = send("/json/map", JSON, r#"{"na\u00efve \"x\"": 300}"#);
    assert_eq!(response.problem().unwrap().errors()[0].pointer, "#/na%C3%AFve%20%22x%22");
}

#[test]
fn the_answer_to_a_wrong_value_repeats_little_of_it() {
    let long = format!(r#"{{"id":"{}","lines":[]}}"#, "x".repeat(900));
    let response = send("/json", JSON, long);
    assert_eq!(response.status(), 422);
    assert!(response.bytes().len() < 800, "{}", response.text());
    let long = format!("name=a&age={}", "9".repeat(900));
    assert!(send("/form", FORM, long).bytes().len() < 500);
}

#[test]
fn a_form_is_read() {
    let client = client();
    let response =
        client.post("/form").form(&[("name", "a b&c"), ("age", "7"), ("tag", "x"), ("tag", "y")]).send();
    assert_eq!(response.text(), r#"a b&c 7 ["x", "y"]"#);
    assert_eq!(send("/form", FORM, "name=a+b&age=7&other=%ff").text(), "a b 7 []");
    let charset = Some("application/x-www-form-urlencoded; charset=UTF-8");
    assert_eq!(send("/form", charset, "name=%C3%A9&age=7").text(), "\u{e9} 7 []");
}

#[test]
fn a_form_is_refused_with_the_name_of_the_field() {
    for (content_type, body, status, expected) in [
        (FORM, "age=7", 422, "form field `name` is missing"),
        (FORM, "name=a&age=x", 422, "form field `age` should be an integer from 0 to 255, not `x`"),
        (FORM, "name=%ff&age=7", 422, "form field `name` should be UTF-8 text"),
        (FORM, "", 422, "form field `name` is missing"),
        (
            None,
            "name=a&age=7",
            415,
            "the body should be `application/x-www-form-urlencoded`, and the request has no `Content-Type`",
        ),
        (JSON, "{}", 415, "the body should be `application/x-www-form-urlencoded`, not `application/json`"),
    ] {
        let response = send("/form", content_type, body);
        assert_eq!((response.status().as_u16(), &*detail(&response)), (status, expected), "{body}");
    }
    assert_eq!(send("/form", FORM, "age=7").problem().unwrap().errors()[0].pointer, "#/name");
    assert_eq!(send("/form", FORM, &b"name=\xff"[..]).status(), 400);
}

#[test]
fn a_form_of_very_many_fields_is_refused() {
    let client = TestClient::new(App::new(routes![form]));
    let many = |count: usize| "x=1&".repeat(count) + "name=a&age=7";
    let send = |body: String| {
        client.post("/form").header("content-type", "application/x-www-form-urlencoded").body(body).send()
    };
    assert_eq!(send(many(998)).status(), 200);
    let response = send(many(999));
    assert_eq!(response.status(), 413);
    assert_eq!(detail(&response), "the form has more than 1000 fields");
}

#[test]
fn bytes_text_streams_and_requests_are_what_was_sent() {
    for (target, body, text) in [
        ("/bytes", "12345", "5"),
        ("/bytes", "", "0"),
        ("/text", "h\u{e9}llo", "h\u{e9}llo"),
        ("/text", "", ""),
        ("/stream", "12345", "5"),
        ("/stream", "", "0"),
        ("/request?q=x%20y", "12345", "x y POST /request?q=x%20y Some(5)"),
        ("/checksum", "\u{1}\u{2}", "3"),
    ] {
        assert_eq!(send(target, None, body).text(), text, "{target}");
    }
    for (target, text) in [("/bytes", "20"), ("/text", "01234567890123456789"), ("/stream", "20")] {
        assert_eq!(send(target, None, pieces(2)).text(), text, "{target}");
    }
    let response = send("/text", None, &b"\xff\xfe"[..]);
    assert_eq!((response.status().as_u16(), &*detail(&response)), (400, "the body is not UTF-8 text"));
}

#[test]
fn a_get_handler_may_ask_for_the_body() {
    assert_eq!(client().get("/search").body("words").send().text(), "searched words");
}

#[test]
fn an_option_is_none_for_what_is_absent_and_rejects_what_is_malformed() {
    for (target, content_type, body, status, text) in [
        ("/json/optional", None, "", 200, "None"),
        ("/json/optional", JSON, r#"{"id":1,"lines":[]}"#, 200, "Some(1)"),
        ("/json/optional", JSON, "", 400, ""),
        ("/json/optional", JSON, "{", 400, ""),
        ("/json/optional", JSON, "{}", 422, ""),
        ("/json/optional", None, "{}", 415, ""),
        ("/json/optional", Some("text/plain"), "{}", 415, ""),
        ("/form/optional", None, "", 200, "None"),
        ("/form/optional", FORM, "name=a&age=7", 200, r#"Some("a")"#),
        ("/form/optional", FORM, "name=a", 422, ""),
        ("/form/optional", JSON, "{}", 415, ""),
        ("/bytes/optional", None, "", 200, "None"),
        ("/bytes/optional", None, "123", 200, "Some(3)"),
        ("/text/optional", None, "", 200, "None"),
        ("/text/optional", None, "abc", 200, r#"Some("abc")"#),
        ("/request/optional", None, "", 200, "true"),
    ] {
        let response = send(target, content_type, body);
        assert_eq!(response.status(), status, "{target} {body}");
        if status == 200 {
            assert_eq!(response.text(), text, "{target} {body}");
        }
    }
    assert_eq!(send("/text/optional", None, &b"\xff"[..]).status(), 400);
    assert_eq!(send("/bytes/optional", None, pieces(101)).status(), 413);
}

#[test]
fn a_result_gives_the_problem_to_the_handler() {
    for (target, content_type, body, text) in [
        ("/json/judged", JSON, r#"{"id":1,"lines":[]}"#, "1"),
        ("/json/judged", JSON, "{", "judged 400 Bad Request"),
        ("/json/judged", JSON, "{}", "judged 422 Unprocessable Entity"),
        ("/json/judged", None, "", "judged 415 Unsupported Media Type"),
        ("/form/judged", FORM, "name=a", "judged 422 Unprocessable Entity"),
        ("/form/judged", FORM, "name=a&age=7", "a"),
        ("/text/judged", None, "abc", "abc"),
    ] {
        assert_eq!(send(target, content_type, body).text(), text, "{target} {body}");
    }
    assert_eq!(send("/text/judged", None, pieces(101)).text(), "judged 413 Payload Too Large");
}

#[test]
fn a_body_over_the_limit_is_413_whether_its_length_is_known_or_not() {
    let client = client();
    let full = |len: usize| Body::from(vec![b'1'; len]);
    for (target, content_type, limit) in [
        ("/json", JSON, 1000),
        ("/form", FORM, 1000),
        ("/bytes", None, 1000),
        ("/text", None, 1000),
        ("/limited", None, 10),
        ("/uploads/small", None, 20),
        ("/uploads/large", None, 30),
        ("/checksum", None, 1000),
    ] {
        for body in [full(limit + 1), pieces(limit / 10 + 1)] {
            let response = send(target, content_type, body);
            assert_eq!(response.status(), 413, "{target}");
            assert_eq!(detail(&response), format!("the body is larger than the limit of {limit} bytes"));
        }
        for body in [full(limit), pieces(limit / 10)] {
            assert_ne!(send(target, content_type, body).status(), 413, "{target}");
        }
    }
    // A stream knows when its length is known, and fails on the way otherwise.
    assert_eq!(client.post("/stream").body(full(1001)).send().status(), 413);
    let too_long = "failed: the body is larger than the limit of 1000 bytes";
    assert_eq!(client.post("/stream").body(pieces(101)).send().text(), too_long);
    assert_eq!(
        client.post("/uploads/deep").body(pieces(3)).send().text(),
        "failed: the body is larger than the limit of 20 bytes"
    );
    assert_eq!(client.post("/uploads/deep").body(pieces(2)).send().text(), "20");
    // A request is handed over whole, and its body fails.
    assert!(client.post("/request?q").body(full(1001)).send().text().ends_with("None"));
    assert!(client.post("/request?q").body(pieces(101)).send().text().ends_with("None"));
}

#[test]
fn a_body_that_breaks_off_is_a_400_without_the_reason() {
    for (target, content_type) in [("/json", JSON), ("/form", FORM), ("/bytes", None), ("/text", None)] {
        let response = send(target, content_type, failing());
        assert_eq!(response.status(), 400, "{target}");
        assert_eq!(detail(&response), "the body could not be read to its end");
    }
}

#[test]
fn what_is_wrong_with_a_body_that_a_handler_reads_itself_is_passed_on() {
    for target in ["/passed/problem", "/passed/error"] {
        assert_eq!(send(target, None, pieces(100)).status(), 200, "{target}");
        let response = send(target, None, pieces(101));
        assert_eq!(response.status(), 413, "{target}");
        assert_eq!(detail(&response), "the body is larger than the limit of 1000 bytes");
        let response = send(target, None, failing());
        assert_eq!(response.status(), 400, "{target}");
        assert_eq!(detail(&response), "the body could not be read to its end");
    }
}

/// How much of a body can be read, by a middleware or by a handler.
async fn measured(mut body: Body) -> String {
    let mut read = 0;
    loop {
        match body.next_data().await {
            Ok(Some(data)) => read += data.len(),
            Ok(None) => return format!("all {read}"),
            Err(error) => return format!("{error}, too large: {}", error.is_too_large()),
        }
    }
}

async fn measure(request: Request, next: Next<'_>) -> Response {
    if !request.headers().contains_key("x-measure") {
        return next.run(request).await;
    }
    measured(request.into_body()).await.into_response()
}

async fn rewrite(mut request: Request, next: Next<'_>) -> Response {
    if let Some(path) = request.uri().path().strip_prefix("/v2").map(str::to_owned) {
        *request.uri_mut() = path.parse().unwrap();
    }
    next.run(request).await
}

#[post("/few")]
async fn few(body: Bytes) -> String {
    body.len().to_string()
}

#[post("/more", body_limit = 20)]
async fn more(body: Bytes) -> String {
    body.len().to_string()
}

#[post("/fewer", body_limit = 5)]
async fn fewer(body: Body) -> String {
    measured(body).await
}

#[derive(Clone)]
struct Measures;

impl tower_service::Service<Request> for Measures {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(async { Ok(measured(request.into_body()).await.into_response()) })
    }
}

/// One byte at a time, with no length told.
struct Bytewise(usize);

impl futures_core::Stream for Bytewise {
    type Item = Result<&'static str, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.checked_sub(1).map(|left| {
            self.0 = left;
            Ok("x")
        }))
    }
}

/// The limit of a body holds for all that reads it.
#[test]
fn no_middleware_and_no_fallback_service_reads_beyond_the_limit() {
    let app = App::new(routes![few, more, fewer]).limits(Limits::default().body(10));
    let client = TestClient::new(app.with(measure).with(rewrite).fallback_service(Measures));
    let answer = |target: &str, len: usize, measure: bool| {
        let bodies = [Body::from("x".repeat(len)), Body::from_stream(Bytewise(len))];
        let [known, streamed] = bodies.map(|body| {
            let mut request = client.post(target).body(body);
            if measure {
                request = request.header("x-measure", "");
            }
            let response = request.send();
            match response.problem().and_then(Problem::detail) {
                Some(detail) => format!("{} {detail}", response.status().as_u16()),
                None => response.text().to_owned(),
            }
        });
        assert_eq!(known, streamed, "{target} {len} {measure}");
        known
    };
    let beyond = |limit: usize| format!("the body is larger than the limit of {limit} bytes");
    let told = |limit: usize| format!("{}, too large: true", beyond(limit));
    let refused = |limit: usize| format!("413 {}", beyond(limit));

    // A middleware: the limit of the route that was found, or that of the application.
    for (target, limit) in [("/few", 10), ("/more", 20), ("/fewer", 5), ("/nowhere", 10), ("/v2/more", 10)] {
        assert_eq!(answer(target, limit, true), format!("all {limit}"));
        assert_eq!(answer(target, limit + 1, true), told(limit));
    }
    // The fallback service.
    assert_eq!(answer("/nowhere", 10, false), "all 10");
    assert_eq!(answer("/nowhere", 11, false), told(10));
    assert_eq!(answer("/v2/nowhere", 11, false), told(10));
    // Handlers, also where the path has been rewritten.
    for prefix in ["", "/v2"] {
        assert_eq!(answer(&format!("{prefix}/few"), 10, false), "10");
        assert_eq!(answer(&format!("{prefix}/few"), 11, false), refused(10));
        assert_eq!(answer(&format!("{prefix}/more"), 20, false), "20");
        assert_eq!(answer(&format!("{prefix}/more"), 21, false), refused(20));
        assert_eq!(answer(&format!("{prefix}/fewer"), 5, false), "all 5");
    }
}

#[post("/value")]
async fn value(value: Json<String>) -> String {
    value.0.len().to_string()
}

#[post("/value/large", body_limit = 4000)]
async fn value_large(value: Json<String>) -> String {
    value.0.len().to_string()
}

#[derive(serde::Deserialize)]
struct Field {
    a: String,
}

#[post("/field")]
async fn field(field: Form<Field>) -> String {
    field.a.len().to_string()
}

#[cello::blueprint("/large", body_limit = 4000)]
mod large {
    use super::*;

    #[post("/field")]
    async fn field(field: Form<Field>) -> String {
        field.a.len().to_string()
    }
}

#[test]
fn json_and_forms_have_limits_of_their_own_that_a_route_or_blueprint_overrides() {
    let app = |limits| App::new(routes![bytes, value, value_large, field, large]).limits(limits);
    let send = |limits, path: &str, content_type: &str, len: usize| {
        let body = if path.contains("field") {
            format!("a={}", "x".repeat(len - 2))
        } else {
            format!("\"{}\"", "x".repeat(len - 2))
        };
        let client = TestClient::new(app(limits));
        client.post(path).header("content-type", content_type).body(body).send().status().as_u16()
    };
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let small = Limits::default().body(3000).json(2000).form(1000);
    for (path, content_type, most) in [
        ("/bytes", json, 3000),
        ("/value", json, 2000),
        ("/field", form, 1000),
        ("/value/large", json, 4000),
        ("/large/field", form, 4000),
    ] {
        assert_eq!(send(small.clone(), path, content_type, most), 200, "{path}");
        assert_eq!(send(small.clone(), path, content_type, most + 1), 413, "{path}");
    }
    let default = Limits::default();
    for (path, content_type, most) in
        [("/bytes", json, 2 * 1024 * 1024), ("/value", json, 1024 * 1024), ("/field", form, 256 * 1024)]
    {
        assert_eq!(send(default.clone(), path, content_type, most), 200, "{path}");
        assert_eq!(send(default.clone(), path, content_type, most + 1), 413, "{path}");
    }
    // No more than any body.
    assert_eq!(send(Limits::default().body(10), "/value", json, 11), 413);
}
