//! Stacks of blueprints and routes in which no member waits: they do there what they do elsewhere, whether the handler waits or not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::task::{Context, Waker};
use std::time::Duration;

use cello::middleware::rate_limit::{Key, Limit};
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use tower_service::Service;

const SECOND: Duration = Duration::from_secs(1);
const SHORT: Duration = Duration::from_millis(20);

/// The fields that tell which members a response has passed.
fn marks(response: &TestResponse) -> [bool; 3] {
    ["ratelimit", "access-control-allow-origin", "x-frame-options"]
        .map(|name| response.header(name).is_some())
}

fn limit(name: &'static str) -> RateLimit {
    RateLimit::new(Limit::token_bucket(100, SECOND).name(name).by(Key::everybody()))
}

async fn passing(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-passed", HeaderValue::from_static("yes"));
    response
}

#[cello::blueprint("/outer", with(SecurityHeaders::default(), limit("outer")))]
mod outer {
    use super::*;

    #[get("/at-once/<what>", with(Cors::default()))]
    async fn at_once(what: &str) -> String {
        what.to_owned()
    }

    #[get("/later/<what>", with(Cors::default()))]
    async fn later(what: String) -> String {
        tokio::task::yield_now().await;
        what
    }

    #[get("/behind-a-function/<what>", with(passing, Cors::default()))]
    async fn behind_a_function(what: String) -> String {
        tokio::task::yield_now().await;
        what
    }

    #[cello::blueprint("/inner", with(passing))]
    mod inner {
        use super::*;

        #[get("/<what>", with(Cors::default()))]
        async fn between(what: &str) -> String {
            what.to_owned()
        }
    }

    #[get("/panics", with(Cors::default()))]
    async fn panics() -> &'static str {
        panic!("on purpose")
    }

    #[get("/panics-later", with(Cors::default()))]
    async fn panics_later() -> &'static str {
        tokio::task::yield_now().await;
        panic!("on purpose")
    }
}

#[cello::blueprint("/order", with(limit("one"), limit("two")))]
mod order {
    use super::*;

    #[get("/at-once", with(limit("three"), limit("four")))]
    async fn at_once() {}

    #[get("/later", with(limit("three"), limit("four")))]
    async fn later() {
        tokio::task::yield_now().await;
    }
}

#[test]
fn responses_pass_the_innermost_member_first() {
    let client = TestClient::new(App::new(routes![order]).with(limit("zero")));
    for path in ["/order/at-once", "/order/later"] {
        let response = client.get(path).send();
        let names: Vec<_> = response
            .headers()
            .get_all("ratelimit")
            .iter()
            .map(|value| value.to_str().unwrap().split(';').next().unwrap().trim_matches('"'))
            .collect();
        assert_eq!(names, ["four", "three", "two", "one", "zero"], "{path}");
    }
}

#[test]
fn responses_pass_all_members_whether_the_handler_waits_or_not() {
    let client = TestClient::new(App::new(routes![outer]));
    let through_function = TestClient::new(App::new(routes![outer]).with(passing));
    for path in ["at-once", "later", "behind-a-function", "inner"] {
        for client in [&client, &through_function] {
            let ask = |what: &str| {
                let path = format!("/outer/{path}/{what}");
                client.get(path).header("origin", "https://a.example").send()
            };
            assert_eq!((ask("x").text(), marks(&ask("x"))), ("x", [true; 3]), "{path}");
            assert_eq!(ask("%61%2Fb").text(), "a/b", "{path}: parameters are decoded");
        }
    }
    assert_eq!(client.get("/outer/inner/x").send().header("x-passed"), Some("yes"));
}

#[test]
fn a_panic_is_a_response_to_the_members() {
    let client = TestClient::new(App::new(routes![outer]));
    for path in ["/outer/panics", "/outer/panics-later"] {
        let response = client.get(path).send();
        assert_eq!((response.status().as_u16(), marks(&response)), (500, [true; 3]), "{path}");
    }
}

#[cello::blueprint("/", with(Cors::default()))]
mod scope {
    use super::*;

    #[get("/", with(RateLimit::per_hour(1), SecurityHeaders::default()))]
    async fn once() -> &'static str {
        "hello"
    }
}

#[test]
fn a_member_that_answers_by_itself_is_seen_by_those_outside_it_alone() {
    let client = TestClient::new(App::new(routes![scope]));
    assert_eq!(marks(&client.get("/").send()), [true; 3]);
    let refused = client.get("/").send();
    assert_eq!((refused.status().as_u16(), marks(&refused)), (429, [true, true, false]));
}

/// For ever.
async fn never() -> &'static str {
    std::future::pending().await
}

#[get("/long", with(Cors::default(), Timeout::new(SHORT), SecurityHeaders::default()))]
async fn long() -> &'static str {
    never().await
}

#[cello::blueprint("/longer", with(Cors::default(), Timeout::new(SHORT)))]
mod longer {
    use super::*;

    #[get("/", with(limit("inner"), Timeout::new(SECOND)))]
    async fn by_the_blueprint() -> &'static str {
        never().await
    }

    #[get("/function", with(limit("inner"), passing, Timeout::new(SECOND)))]
    async fn behind_a_function() -> &'static str {
        never().await
    }
}

#[get("/unlimited", with(SecurityHeaders::default()))]
async fn unlimited() -> &'static str {
    never().await
}

#[test]
fn time_that_is_up_is_answered_by_the_member_whose_it_is() {
    let app = || App::new(routes![long, longer, unlimited]);
    let client = TestClient::new(app());
    // What stands inside the timeout has no response; what stands outside sees the 503.
    for path in ["/long", "/longer", "/longer/function"] {
        let late = client.get(path).send();
        assert_eq!((late.status().as_u16(), marks(&late)), (503, [false, true, false]), "{path}");
        assert_eq!(late.header("x-passed"), None, "{path}");
    }
    for client in [
        TestClient::new(app().enable_cors().with(Timeout::new(SHORT))),
        TestClient::new(app().with(passing).enable_cors().with(Timeout::new(SHORT))),
    ] {
        let late = client.get("/unlimited").send();
        assert_eq!((late.status().as_u16(), marks(&late)), (503, [false, true, false]));
    }
}

#[get("/one-place?<wait>", with(ConcurrencyLimit::new(1)))]
async fn one_place(wait: Option<bool>) -> &'static str {
    if wait == Some(true) { never().await } else { "hello" }
}

#[tokio::test]
async fn who_goes_away_gives_back_what_a_member_holds() {
    let mut service = App::new(routes![one_place]).into_service().await.unwrap();
    let mut ask = |path| Service::call(&mut service, http::Request::get(path).body(Body::empty()).unwrap());
    let mut waiting = ask("/one-place?wait=true");
    assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(ask("/one-place").await.unwrap().status(), 503);
    drop(waiting);
    assert_eq!(ask("/one-place").await.unwrap().status(), 200);
    assert_eq!(ask("/one-place").await.unwrap().status(), 200);
}
