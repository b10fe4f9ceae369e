//! Handlers of every shape: their arguments, their answers, and what else stands on them.
use std::pin::Pin;

use cello::prelude::*;
use cello::testing::TestClient;
use serde::Deserialize;

#[derive(Deserialize)]
struct NewUser {
    name: String,
}

#[derive(Deserialize)]
struct Filter {
    from: u32,
    to: Option<u32>,
}

struct Counter(std::sync::atomic::AtomicU32);

#[derive(AppState)]
struct Services {
    counter: Counter,
    #[state(skip)]
    _more: Counter,
}

/// A doc comment, which stays on the function.
#[get("/plain")]
#[must_use]
pub fn plain() -> &'static str {
    "plain"
}

#[get("/borrowed/<name>?<greeting>")]
async fn borrowed(name: &str, greeting: Option<&str>) -> String {
    format!("{} {name}", greeting.unwrap_or("hello"))
}

#[get("/named/<name>")]
async fn named<'a>(name: &'a str, method: &'a Method) -> String {
    format!("{method} {name}")
}

/// Extracted for all time, and taken for that of a parameter.
struct User<'a>(std::borrow::Cow<'a, str>);

impl FromRequest for User<'static> {
    type Rejection = Problem;
    type State = ();

    async fn from_request(_: &mut RequestContext<'_, Self>) -> Result<Self, Problem> {
        Ok(Self("Ada".into()))
    }
}

#[get("/greeted/<by>")]
async fn greeted<'a>(by: &'a str, user: User<'a>) -> String {
    format!("{by} greets {}", user.0)
}

#[get("/mutable/<count>")]
fn mutable(mut count: u32, #[query("step-size")] mut step: u32) -> String {
    count += step;
    step += 1;
    format!("{count} {step}")
}

#[get("/range?<filter..>")]
async fn range(filter: Filter) -> String {
    format!("{}..{:?}", filter.from, filter.to)
}

/// A parameter of the handler's own name, and an answer in which a type has no name.
#[get("/number/<number>")]
async fn number(number: u8) -> Result<impl IntoResponse, Problem> {
    if number == 0 {
        return Err(Problem::new(StatusCode::NOT_FOUND));
    }
    Ok((StatusCode::ACCEPTED, number.to_string()))
}

#[get("/rest/<path..>")]
async fn rest(path: String) -> impl IntoResponse {
    (StatusCode::ACCEPTED, path)
}

#[post("/users")]
async fn destructured(Json(new): Json<NewUser>, _: Method) -> Created<String> {
    Created::at("/users/1", new.name)
}

#[post("/either")]
async fn wrapped(
    body: Result<Json<NewUser>, Problem>,
    agent: Option<Header<cello::extract::UserAgent>>,
) -> String {
    format!("{} {}", body.is_ok(), agent.is_some())
}

#[get("/count")]
async fn count(counter: &Counter, headers: &HeaderMap) -> String {
    let seen = counter.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    format!("{seen} {}", headers.len())
}

#[get("/slow/<n>", blocking, tags("slow"), body_limit = 16, timeout = std::time::Duration::from_secs(1))]
fn slow(n: u8, counter: &Counter) -> String {
    format!("{n} {}", counter.0.load(std::sync::atomic::Ordering::Relaxed))
}

#[route("/both", methods(GET, POST))]
async fn both(method: Method) -> String {
    method.to_string()
}

#[any("/all")]
fn all(#[allow(unused_variables)] method: &Method) {}

#[get("/search", body)]
async fn search(query: String) -> String {
    query
}

#[get("/keyword/<kind>")]
async fn r#match(kind: u8) -> String {
    kind.to_string()
}

#[get("/time", name = time_route)]
fn time() -> &'static str {
    "now"
}

/// What works for a borrowed connection for as long as it is borrowed, like those of database libraries.
trait Execute<'e>: Send + Sized {
    fn execute(self) -> Pin<Box<dyn Future<Output = u32> + Send + 'e>>;
}

impl<'e> Execute<'e> for &'e Counter {
    fn execute(self) -> Pin<Box<dyn Future<Output = u32> + Send + 'e>> {
        Box::pin(async { self.0.load(std::sync::atomic::Ordering::Relaxed) })
    }
}

async fn executed<'e, E: Execute<'e>>(on: E) -> u32 {
    on.execute().await
}

#[get("/executed")]
async fn execute(counter: &Counter) -> Json<u32> {
    Json(executed(counter).await)
}

fn main() {
    let routes = routes![
        plain,
        greeted,
        borrowed,
        named,
        mutable,
        range,
        rest,
        destructured,
        wrapped,
        count,
        slow,
        both,
        all,
        search,
        r#match,
        time_route,
        execute,
        number,
    ];
    let counter = || Counter(0.into());
    let client = TestClient::new(App::new(routes).state(Services { counter: counter(), _more: counter() }));
    let get = |path: &str| client.get(path).send().text().to_owned();

    assert_eq!(get("/plain"), "plain");
    assert_eq!(get("/executed"), "0");
    assert_eq!(get("/borrowed/bob"), "hello bob");
    assert_eq!(get("/borrowed/bob?greeting=bye"), "bye bob");
    assert_eq!(get("/named/x"), "GET x");
    assert_eq!(get("/greeted/Bob"), "Bob greets Ada");
    assert_eq!(get("/mutable/3?step-size=2"), "5 3");
    assert_eq!(get("/range?from=1&to=2"), "1..Some(2)");
    assert_eq!(get("/rest/a/b"), "a/b");
    assert_eq!(get("/number/7"), "7");
    assert_eq!(client.get("/number/0").send().status(), 404);
    assert_eq!(get("/count"), "0 0");
    assert_eq!(get("/slow/7"), "7 1");
    assert_eq!(get("/both"), "GET");
    assert_eq!(get("/keyword/7"), "7");
    assert_eq!(get("/time"), "now");
    assert_eq!(client.post("/both").send().text(), "POST");
    assert_eq!(client.delete("/all").send().status(), 200);
    assert_eq!(client.get("/search").body("q").send().text(), "q");
    let created =
        client.post("/users").header("content-type", "application/json").body(r#"{"name":"Eve"}"#).send();
    assert_eq!((created.status().as_u16(), created.text()), (201, "Eve"));
    assert_eq!(client.post("/either").body("{").send().text(), "false false");

    // The functions are functions still, and their links are typed.
    assert_eq!(plain(), "plain");
    assert_eq!(mutable(1, 1), "2 2");
    assert_eq!(time(), "now");
    assert_eq!(mutable::path(3), "/mutable/3");
    assert_eq!(borrowed::path("J. Doe"), "/borrowed/J.%20Doe");
    assert_eq!(rest::path("a/b c".to_owned()), "/rest/a/b%20c");
}
