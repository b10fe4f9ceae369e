//! Settings of an application: base path, fallback service, time limits; and the application as a service.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use cello::TrailingSlash;
use cello::prelude::*;
use cello::testing::TestClient;
use tower_service::Service;

#[get("/")]
async fn index() -> &'static str {
    "index"
}

#[get("/users/<id>")]
async fn user(id: &str, uri: &Uri) -> String {
    format!("user {id} at {uri}")
}

#[get("/files/<path..>")]
async fn files(path: &str) -> String {
    format!("files [{path}]")
}

#[get("/slow", timeout = Duration::from_millis(20))]
async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(10)).await;
    "never"
}

#[get("/quick", timeout = Duration::from_secs(60))]
async fn quick() -> &'static str {
    tokio::task::yield_now().await;
    "quick"
}

#[post("/slow/body", timeout = Duration::from_millis(20))]
async fn slow_body(body: String) -> String {
    body
}

#[cello::blueprint("/timed", timeout = Duration::from_millis(20))]
mod timed {
    use super::*;

    #[get("/inherited")]
    async fn inherited() {
        tokio::time::sleep(Duration::from_secs(10)).await;
    }

    #[get("/own", timeout = Duration::from_secs(60))]
    async fn own() -> &'static str {
        tokio::time::sleep(Duration::from_millis(60)).await;
        "own"
    }
}

/// A service of another library: it says what it was asked.
#[derive(Clone)]
struct Old {
    fail: bool,
    ready: bool,
}

impl Service<http::Request<Body>> for Old {
    type Response = http::Response<OldBody>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if !std::mem::replace(&mut self.ready, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        assert!(self.ready, "it is not called before it is ready");
        let fail = self.fail;
        Box::pin(async move {
            if fail {
                return Err(std::io::Error::other("password is swordfish"));
            }
            let (parts, body) = request.into_parts();
            let len = body.collect(1000).await.map_or(0, |bytes| bytes.len());
            Ok(http::Response::new(OldBody(Some(format!("old {} {} {len}", parts.method, parts.uri)))))
        })
    }
}

/// A body of another library.
struct OldBody(Option<String>);

impl http_body::Body for OldBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|text| Ok(http_body::Frame::data(text.into()))))
    }
}

async fn marked(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-marked", HeaderValue::from_static("yes"));
    response
}

fn with_old(fail: bool) -> TestClient {
    let old = Old { fail, ready: false };
    TestClient::new(App::new(routes![index, user]).with(marked).fallback_service(old))
}

#[test]
fn what_no_route_takes_goes_to_the_fallback_service() {
    let client = with_old(false);
    for (method, target, text) in [
        ("GET", "/", "index"),
        ("GET", "/old/page?q=1", "old GET /old/page?q=1 0"),
        ("POST", "/old", "old POST /old 4"),
        // A path may have moved for some of its methods only.
        ("POST", "/users/7", "old POST /users/7 4"),
        ("BREW", "/users/7", "old BREW /users/7 4"),
        ("BREW", "/coffee", "old BREW /coffee 4"),
        ("OPTIONS", "/old", "old OPTIONS /old 0"),
    ] {
        let request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), target);
        let response = if text.ends_with('4') { request.body("four").send() } else { request.send() };
        assert_eq!(response.text(), text, "{method} {target}");
        assert_eq!(response.header("x-marked"), Some("yes"), "{method} {target}");
    }
    assert_eq!(client.options("/users/7").send().header("allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(client.head("/old").send().text(), "");
    assert_eq!(client.get("/users/%").send().status(), 400);
}

#[test]
fn a_fallback_service_that_fails_is_a_bare_500() {
    let response = with_old(true).get("/old").send();
    assert_eq!((response.status().as_u16(), response.header("x-marked")), (500, Some("yes")));
    assert!(!response.text().contains("swordfish"));
}

#[test]
fn an_application_can_fall_back_to_another() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let old = runtime.block_on(App::new(routes![files]).into_service()).unwrap();
    let client = TestClient::new(App::new(routes![index]).fallback_service(old));
    assert_eq!(client.get("/").send().text(), "index");
    assert_eq!(client.get("/files/a/b").send().text(), "files [a/b]");
    assert_eq!(client.get("/nothing").send().status(), 404);
}

#[test]
fn below_a_base_path() {
    for base in ["/svc", "/svc/"] {
        let client = TestClient::new(App::new(routes![index, user, files]).base_path(base));
        for (target, text) in [
            ("/svc", "index"),
            ("/svc/", "index"),
            ("/svc?q", "index"),
            ("/svc/users/7", "user 7 at /svc/users/7"),
            ("/svc/users/a%20b/", "user a b at /svc/users/a%20b/"),
            ("/svc/files/a//b", "files [a//b]"),
        ] {
            assert_eq!(client.get(target).send().text(), text, "{base} {target}");
        }
        for target in ["/", "/users/7", "/svcs", "/svcusers/7", "/svc//", "/SVC", "//svc", "/svc/svc"] {
            assert_eq!(client.get(target).send().status(), 404, "{base} {target}");
        }
        assert_eq!(client.delete("/svc/users/7").send().header("allow"), Some("GET, HEAD, OPTIONS"));
        assert_eq!(client.options("*").send().status(), 204);
        let response = client.get("/svc/users/%").send();
        let detail = "a `%` is not followed by two hexadecimal digits, at byte 11 of the path";
        assert_eq!(response.problem().unwrap().detail(), Some(detail));
    }
}

#[test]
fn a_base_path_is_matched_as_any_path_is() {
    let client = TestClient::new(App::new(routes![index, user]).base_path("/my-svc/v1"));
    assert_eq!(
        client.get("/my%2Dsvc/%76%31/users/a%2Fb").send().text(),
        "user a/b at /my%2Dsvc/%76%31/users/a%2Fb"
    );
    for target in ["/my%2Fsvc/v1", "/my%2", "/my%", "/my-svc%2Fv1", "/my-svc/v1%2F"] {
        assert_eq!(client.get(target).send().status(), 404, "{target}");
    }
    let client = TestClient::new(App::new(routes![index]).base_path("/caf%C3%A9"));
    for target in ["/caf%C3%A9", "/caf%c3%a9/", "/%63af%C3%a9"] {
        assert_eq!(client.get(target).send().text(), "index", "{target}");
    }
}

#[test]
fn slashes_below_a_base_path() {
    let client = TestClient::new(
        App::new(routes![index, user]).base_path("/svc").trailing_slash(TrailingSlash::Redirect),
    );
    for (target, status, location) in [
        ("/svc", 200, None),
        ("/svc/", 200, None),
        ("/svc/users/7/?q=1", 308, Some("/svc/users/7?q=1")),
        ("/users/7/", 404, None),
    ] {
        let response = client.get(target).send();
        assert_eq!((response.status().as_u16(), response.header("location")), (status, location), "{target}");
    }
}

#[test]
fn a_base_path_that_cannot_be_used_keeps_the_application_from_starting() {
    for (base, why) in [
        ("svc", "the base path `svc` cannot be used: "),
        ("/<tenant>", "the base path `/<tenant>` cannot be used: it holds a parameter; write it out"),
        ("/a b", "the base path `/a b` cannot be used: "),
        ("/a//b", "the base path `/a//b` cannot be used: "),
        ("/a?b", "the base path `/a?b` cannot be used: "),
    ] {
        let error = TestClient::builder(App::new(routes![index]).base_path(base)).try_build().unwrap_err();
        assert!(error.to_string().starts_with(why), "{error}");
    }
    for base in ["/", ""] {
        let client = TestClient::new(App::new(routes![index]).base_path(base));
        assert_eq!(client.get("/").send().text(), "index", "{base:?} is none");
    }
}

#[test]
fn a_handler_that_takes_too_long_is_a_503() {
    let client = TestClient::new(App::new(routes![slow, quick, slow_body, timed]));
    let response = client.get("/slow").send();
    assert_eq!(response.status(), 503);
    assert_eq!(response.problem().unwrap().detail(), Some("the handler did not finish within 20ms"));
    assert_eq!(client.get("/quick").send().text(), "quick");
    assert_eq!(client.get("/timed/inherited").send().status(), 503);
    assert_eq!(client.get("/timed/own").send().text(), "own");
    assert_eq!(client.post("/slow/body").body("in time").send().text(), "in time");
}

#[test]
fn a_body_that_does_not_come_is_part_of_the_time() {
    struct Never;
    impl futures_core::Stream for Never {
        type Item = Result<&'static str, Infallible>;
        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }
    let client = TestClient::new(App::new(routes![slow_body]));
    assert_eq!(client.post("/slow/body").body(Body::from_stream(Never)).send().status(), 503);
}

#[tokio::test]
async fn an_application_is_a_service() {
    let mut service = App::new(routes![index, user]).with(marked).into_service().await.unwrap();
    std::future::poll_fn(|cx| Service::<http::Request<OldBody>>::poll_ready(&mut service, cx)).await.unwrap();
    let request = http::Request::get("/users/7").body(OldBody(None)).unwrap();
    let Ok(response) = service.call(request).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-marked"]),
        (200, &HeaderValue::from_static("yes"))
    );
    assert_eq!(response.into_body().collect(1000).await.unwrap(), "user 7 at /users/7");
    let Ok(response) = service.clone().call(http::Request::new(Body::empty())).await;
    assert_eq!(response.into_body().collect(1000).await.unwrap(), "index");
}

#[tokio::test]
async fn a_service_gives_the_error_that_keeps_it_from_starting() {
    let error = App::new(routes![index]).base_path("svc").into_service().await.unwrap_err();
    assert!(error.to_string().contains("base path"));
}

#[test]
fn the_test_client_works_inside_a_runtime_too() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = TestClient::new(App::new(routes![index]));
        assert_eq!(client.get("/").send().text(), "index");
    });
}

#[tokio::test]
async fn a_fallback_service_learns_the_address_of_the_client() {
    #[get("/who")]
    async fn who(address: Option<ClientAddr>) -> String {
        address.map_or_else(|| "nobody".to_owned(), |address| address.0.to_string())
    }
    let inner = App::new(routes![who]).into_service().await.unwrap();
    let answers = tokio::task::spawn_blocking(|| {
        let client = TestClient::new(App::new(routes![index]).fallback_service(inner));
        let with = client.get("/who").peer(([192, 0, 2, 7], 4711).into()).send();
        [with.text().to_owned(), client.get("/who").send().text().to_owned()]
    });
    assert_eq!(answers.await.unwrap(), ["192.0.2.7:4711", "nobody"]);
}
