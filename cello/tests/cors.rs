//! Cross-origin requests, as a browser would make and judge them.
#![allow(clippy::panic, reason = "a handler panics on purpose")]

use std::time::Duration;

use cello::middleware::cors::{NamedOrigins, Origins};
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

const APP: &str = "https://app.example";
const EVIL: &str = "https://evil.example";

#[get("/items")]
async fn list() -> &'static str {
    "items"
}

#[post("/items")]
async fn create() -> StatusCode {
    StatusCode::CREATED
}

#[delete("/items/<id>")]
async fn remove(id: u32) -> String {
    format!("removed {id}")
}

#[any("/anything")]
async fn anything() -> &'static str {
    "anything"
}

#[put("/own")]
async fn own() {}

#[options("/own")]
async fn own_options() -> (StatusCode, [(HeaderName, &'static str); 1], &'static str) {
    (StatusCode::OK, [(header::VARY, "Accept-Language")], "ask me")
}

#[get("/broken")]
async fn broken() -> StatusCode {
    panic!("on purpose")
}

#[get("/decided")]
async fn decided() -> ([(HeaderName, &'static str); 1], ()) {
    ([(header::ACCESS_CONTROL_ALLOW_ORIGIN, "https://partner.example")], ())
}

fn with<O: Origins>(cors: Cors<O>) -> TestClient {
    TestClient::new(
        App::new(routes![list, create, remove, anything, own, own_options, broken, decided]).with(cors),
    )
}

fn named() -> Cors<NamedOrigins> {
    Cors::new().allow_origin(APP).allow_origin("http://localhost:3000")
}

fn preflight(
    client: &TestClient,
    path: &str,
    origin: &str,
    method: &str,
    headers: Option<&str>,
) -> TestResponse {
    let request =
        client.options(path).header("origin", origin).header("access-control-request-method", method);
    match headers {
        Some(headers) => request.header("access-control-request-headers", headers).send(),
        None => request.send(),
    }
}

/// What a browser makes of the answer to a preflight (fetch standard, "CORS-preflight fetch").
fn browser_goes_on(
    answer: &TestResponse,
    origin: &str,
    method: &str,
    headers: &[&str],
    credentials: bool,
) -> bool {
    let listed = |name: &str, wanted: &str, exactly: bool| {
        let is = |member: &str| match member {
            "*" => !credentials,
            member if exactly => member == wanted,
            member => member.eq_ignore_ascii_case(wanted),
        };
        answer.header(name).is_some_and(|list| list.split(',').map(str::trim).any(is))
    };
    let allowed = answer.header("access-control-allow-origin");
    let origin_is_allowed = match credentials {
        true => allowed == Some(origin) && answer.header("access-control-allow-credentials") == Some("true"),
        false => allowed == Some(origin) || allowed == Some("*"),
    };
    let is_safelisted = ["GET", "HEAD", "POST"].contains(&method);
    answer.status().is_success()
        && origin_is_allowed
        && (is_safelisted || listed("access-control-allow-methods", method, true))
        && headers.iter().all(|name| listed("access-control-allow-headers", name, false))
}

fn has_no_cors_fields(response: &TestResponse) -> bool {
    !response.headers().keys().any(|name| name.as_str().starts_with("access-control-"))
}

#[test]
fn any_origin_may_read_every_answer() {
    let client = with(Cors::default());
    for (path, status) in
        [("/items", 200), ("/nowhere", 404), ("/broken", 500), ("/items/7", 405), ("/%zz", 400)]
    {
        let answer = client.get(path).header("origin", EVIL).send();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{path}");
        assert_eq!(answer.header("vary"), None, "{path}: the answer is the same for all");
    }
    assert_eq!(
        client.get("/items").send().header("access-control-allow-origin"),
        Some("*"),
        "caches need it too"
    );
}

#[test]
fn enable_cors_is_any_origin() {
    let client = TestClient::new(App::new(routes![list]).enable_cors());
    assert_eq!(
        client.get("/items").header("origin", EVIL).send().header("access-control-allow-origin"),
        Some("*")
    );
    assert!(browser_goes_on(&preflight(&client, "/items", EVIL, "GET", None), EVIL, "GET", &[], false));
}

#[test]
fn a_preflight_is_answered_for_the_route_that_it_asks_about() {
    let client = with(Cors::default());
    let answer = preflight(&client, "/items", APP, "POST", Some("Content-Type, X-Key"));
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET, HEAD, POST, OPTIONS"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("Content-Type, X-Key"));
    assert_eq!(answer.header("access-control-max-age"), None);
    assert_eq!(answer.header("vary"), Some("access-control-request-method, access-control-request-headers"));
    assert!(answer.bytes().is_empty());

    for path in ["/items/7", "/items/7/"] {
        let answer = preflight(&client, path, APP, "DELETE", None);
        assert!(browser_goes_on(&answer, APP, "DELETE", &[], false), "{path}");
    }
    for method in ["PUT", "PROPFIND"] {
        let answer = preflight(&client, "/anything", APP, method, Some("x-a"));
        assert!(browser_goes_on(&answer, APP, method, &["x-a"], false), "{method}");
    }
}

#[test]
fn a_preflight_for_nothing_is_refused_as_the_request_would_be() {
    let client = with(Cors::default());
    for (path, method, status) in [
        ("/nowhere", "GET", 404),
        ("/items", "DELETE", 405),
        ("/items", "delete", 501),
        ("/items/7", "GET", 405),
        ("/items", "FROBNICATE", 501),
        ("/%zz", "GET", 400),
    ] {
        let answer = preflight(&client, path, APP, method, Some("x-key"));
        assert_eq!(answer.status(), status, "{method} {path}");
        assert!(has_no_cors_fields(&answer), "{method} {path}: {:?}", answer.headers());
        assert!(!browser_goes_on(&answer, APP, method, &[], false), "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(
            answer.header("vary"),
            Some("access-control-request-method, access-control-request-headers")
        );
    }
    assert_eq!(
        preflight(&client, "/items", APP, "DELETE", None).header("allow"),
        Some("GET, HEAD, POST, OPTIONS")
    );
}

#[test]
fn named_origins_are_echoed_and_others_get_nothing() {
    let client = with(named());
    for origin in [APP, "http://localhost:3000"] {
        let answer = client.get("/items").header("origin", origin).send();
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("vary"), Some("origin"));
    }
    for path in ["/items", "/nowhere", "/broken"] {
        for origin in
            [EVIL, "null", "https://app.example.evil", "https://app.example:443", "HTTPS://APP.EXAMPLE"]
        {
            let answer = client.get(path).header("origin", origin).send();
            assert!(has_no_cors_fields(&answer), "{origin} {path}");
            assert_eq!(answer.header("vary"), Some("origin"), "{origin} {path}");
        }
        let answer = client.get(path).send();
        assert!(has_no_cors_fields(&answer));
        assert_eq!(answer.header("vary"), Some("origin"), "a cache must not give this to {APP}");
    }
}

#[test]
fn preflights_of_other_origins_are_refused() {
    let client = with(named().max_age(Duration::from_secs(60)));
    let answer = preflight(&client, "/items", EVIL, "POST", None);
    assert_eq!(answer.status(), 403);
    assert!(has_no_cors_fields(&answer));
    let vary = Some("origin, access-control-request-method, access-control-request-headers");
    assert_eq!(answer.header("vary"), vary);
    let answer = preflight(&client, "/items", APP, "POST", None);
    assert!(browser_goes_on(&answer, APP, "POST", &[], false));
    assert_eq!(answer.header("vary"), vary);
    assert_eq!(answer.header("access-control-max-age"), Some("60"));
}

#[test]
fn null_is_an_origin_only_if_named() {
    let asked = |cors| with(cors).get("/items").header("origin", "null").send();
    assert!(has_no_cors_fields(&asked(named())));
    assert_eq!(asked(named().allow_origin("null")).header("access-control-allow-origin"), Some("null"));
}

#[test]
fn a_function_can_judge_origins() {
    let cors = named().allow_origin_fn(|origin| origin.ends_with(".tenants.example"));
    let client = with(cors.allow_origin_fn(|origin| origin == "x:y"));
    for origin in [APP, "https://a.tenants.example", "x:y"] {
        let answer = client.get("/items").header("origin", origin).send();
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    }
    assert!(has_no_cors_fields(&client.get("/items").header("origin", "https://tenants.example").send()));
}

#[test]
fn credentials_and_exposed_headers_go_with_the_origin() {
    let client = with(named().allow_credentials().expose_headers(["X-Total", "x-page"]));
    let answer = client.get("/items").header("origin", APP).send();
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("access-control-expose-headers"), Some("x-total, x-page"));
    let answer = preflight(&client, "/items/1", APP, "DELETE", Some("x-key"));
    assert!(browser_goes_on(&answer, APP, "DELETE", &["x-key"], true));
    assert_eq!(answer.header("access-control-expose-headers"), None, "a preflight exposes nothing");
    assert!(has_no_cors_fields(&client.get("/items").header("origin", EVIL).send()));
}

#[test]
fn methods_and_headers_can_be_narrowed() {
    let client = with(named().allow_methods([Method::GET, Method::DELETE]).allow_headers(["X-Key"]));
    let answer = preflight(&client, "/items/1", APP, "DELETE", Some("x-key"));
    assert!(browser_goes_on(&answer, APP, "DELETE", &["x-key"], false));
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET, DELETE"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-key"));
    assert_eq!(
        answer.header("vary"),
        Some("origin, access-control-request-method"),
        "headers are not mirrored"
    );
    assert!(!browser_goes_on(&answer, APP, "DELETE", &["x-other"], false));

    let answer = preflight(&client, "/items", APP, "POST", None);
    assert_eq!(answer.status(), 403);
    assert!(has_no_cors_fields(&answer), "POST has a route, but is not allowed across origins");
    assert_eq!(
        preflight(&client, "/items", APP, "DELETE", None).status(),
        405,
        "allowed, but without a route"
    );
}

#[test]
fn options_that_is_no_preflight_gets_its_usual_answer() {
    let client = with(named());
    let answer = client.options("/items").header("origin", APP).send();
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
    assert_eq!(answer.header("access-control-allow-methods"), None);
    let answer = client.options("/items").header("access-control-request-method", "GET").send();
    assert_eq!((answer.status().as_u16(), has_no_cors_fields(&answer)), (204, true), "without an origin");
    assert_eq!(client.options("/anything").send().text(), "anything");
}

#[test]
fn a_handler_for_options_answers_and_gets_the_fields() {
    let client = with(named());
    let answer = preflight(&client, "/own", APP, "PUT", Some("x-key"));
    assert_eq!((answer.status().as_u16(), answer.text()), (200, "ask me"));
    assert!(browser_goes_on(&answer, APP, "PUT", &["x-key"], false));
    let merged = "Accept-Language, origin, access-control-request-method, access-control-request-headers";
    assert_eq!(answer.header("vary"), Some(merged));
    let answer = preflight(&client, "/own", EVIL, "PUT", None);
    assert_eq!(answer.text(), "ask me");
    assert!(has_no_cors_fields(&answer));
}

#[test]
fn what_a_handler_has_decided_stays() {
    for client in [with(Cors::default()), with(named().allow_credentials())] {
        let answer = client.get("/decided").header("origin", APP).send();
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://partner.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
}

#[test]
fn an_outer_cors_does_not_allow_what_an_inner_one_refuses() {
    let app = App::new(routes![list]).with(Cors::any_origin()).with(named().allow_credentials());
    let client = TestClient::new(app);
    assert!(has_no_cors_fields(&client.get("/items").header("origin", EVIL).send()));
    let answer = client.get("/items").header("origin", APP).send();
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
    assert_eq!(answer.headers().get_all("access-control-allow-origin").iter().count(), 1);
}

fn admin_cors() -> Cors<NamedOrigins> {
    Cors::new().allow_origin(APP).allow_credentials()
}

#[cello::blueprint("/admin", with(admin_cors()))]
mod admin {
    use super::*;

    #[put("/users/<id>")]
    async fn put_user(id: u32) -> String {
        format!("put {id}")
    }
}

#[test]
fn a_preflight_passes_the_scopes_of_the_route_that_it_asks_about() {
    let client = TestClient::new(App::new(routes![list, admin]));
    let answer = preflight(&client, "/admin/users/7", APP, "PUT", Some("x-key"));
    assert!(browser_goes_on(&answer, APP, "PUT", &["x-key"], true), "{:?}", answer.headers());
    assert_eq!(preflight(&client, "/admin/users/7", EVIL, "PUT", None).status(), 403);
    let answer = client.put("/admin/users/7").header("origin", APP).send();
    assert_eq!((answer.text(), answer.header("access-control-allow-origin")), ("put 7", Some(APP)));
    for (path, method) in [("/admin/users/7", "GET"), ("/items", "GET")] {
        assert!(
            has_no_cors_fields(&preflight(&client, path, APP, method, None)),
            "{method} {path}: another scope"
        );
    }
}

#[test]
fn the_cors_nearest_to_the_route_decides() {
    let client = TestClient::new(App::new(routes![list, admin]).with(Cors::any_origin()));
    let answer = preflight(&client, "/admin/users/7", APP, "PUT", Some("x-key"));
    assert!(browser_goes_on(&answer, APP, "PUT", &["x-key"], true), "{:?}", answer.headers());
    let answer = preflight(&client, "/admin/users/7", EVIL, "PUT", None);
    assert_eq!((answer.status().as_u16(), has_no_cors_fields(&answer)), (403, true));
    assert!(has_no_cors_fields(&client.put("/admin/users/7").header("origin", EVIL).send()));
    assert!(browser_goes_on(&preflight(&client, "/items", EVIL, "GET", None), EVIL, "GET", &[], false));
}

async fn only_with_credentials(request: Request, next: Next<'_>) -> Response {
    if request.headers().contains_key("authorization") {
        return next.run(request).await;
    }
    Problem::new(StatusCode::UNAUTHORIZED).into_response()
}

#[test]
fn middleware_further_in_does_not_answer_preflights() {
    let app = App::new(routes![list, remove]).with(named()).with(only_with_credentials);
    let client = TestClient::new(app);
    let answer = preflight(&client, "/items/7", APP, "DELETE", Some("authorization"));
    assert!(browser_goes_on(&answer, APP, "DELETE", &["authorization"], false), "{}", answer.status());
    assert_eq!(preflight(&client, "/items/7", APP, "GET", None).status(), 405);
    assert_eq!(preflight(&client, "/items/7", EVIL, "DELETE", None).status(), 403);
    let answer = client.delete("/items/7").header("origin", APP).send();
    assert_eq!((answer.status().as_u16(), answer.header("access-control-allow-origin")), (401, Some(APP)));
    assert_eq!(client.options("/items/7").header("origin", APP).send().status(), 401, "that is no preflight");
}

async fn stamp(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert("x-stamp", HeaderValue::from_static("seen"));
    response
}

#[test]
fn preflights_pass_what_stands_further_in_but_not_the_handler() {
    let client = TestClient::new(App::new(routes![list, anything]).with(named()).with(stamp));
    for (path, method, origin, status) in [
        ("/items", "GET", APP, 204),
        ("/anything", "PUT", APP, 204),
        ("/items", "PUT", APP, 405),
        ("/nowhere", "PUT", APP, 404),
        ("/items", "GET", EVIL, 403),
    ] {
        let answer = preflight(&client, path, origin, method, None);
        assert_eq!(
            (answer.status().as_u16(), answer.header("x-stamp")),
            (status, Some("seen")),
            "{method} {path}"
        );
        assert_ne!(answer.bytes(), "anything");
    }
}

#[test]
fn a_bad_configuration_is_a_sentence_at_start() {
    fn fault<O: Origins>(cors: Cors<O>) -> String {
        let client = TestClient::builder(App::new(routes![list]).with(cors)).try_build();
        client.map_or_else(|error| error.to_string(), |_| "it started".to_owned())
    }
    for (fault, reason) in [
        (fault(Cors::new()), "no origin is allowed"),
        (
            fault(Cors::new().allow_origins(["https://a.example", "https://b.example/"])),
            "\"https://b.example/\"",
        ),
        (fault(named().allow_headers(["x key"])), "\"x key\" is not the name of a header"),
        (fault(named().expose_headers([""])), "\"\" is not the name of a header"),
        (fault(named().allow_credentials().allow_headers(["*"])), "`*` among header names"),
        (fault(named().expose_headers(["*"]).allow_credentials()), "`*` among header names"),
        (fault(Cors::any_origin().expose_headers(["*"])), "it started"),
        (fault(named().allow_origin_fn(|_| true)), "it started"),
        (fault(named().allow_origin("null")), "it started"),
        (
            fault(named().allow_credentials().allow_origin("null")),
            "CORS: `null` cannot be allowed with credentials: any page can have it, in a sandboxed frame",
        ),
        (
            fault(named().allow_methods([])),
            "CORS: no method is allowed; leave `allow_methods` out to allow those that a path has",
        ),
    ] {
        assert!(fault.contains(reason), "{fault}");
    }
}

/// What an inner `Cors` has refused stays refused when the problem is shown otherwise.
#[test]
fn a_rendered_refusal_is_not_allowed_by_an_outer_cors() {
    fn page(problem: &Problem, _: &http::request::Parts) -> Response {
        problem.title().to_owned().into_response()
    }
    async fn teapot(_: Request, _: Next<'_>) -> Response {
        Problem::new(StatusCode::IM_A_TEAPOT).into_response()
    }
    let app = App::new(routes![list]).enable_cors().with(named()).with(teapot).render_errors(page);
    let client = TestClient::new(app);
    let response = client.get("/items").header("origin", EVIL).send();
    assert_eq!(response.status(), 418);
    assert_eq!(response.text(), "I'm a teapot");
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
}

/// Takes `/v2` away from the path.
async fn strip(mut request: Request, next: Next<'_>) -> Response {
    if let Some(path) = request.uri().path().strip_prefix("/v2").map(str::to_owned) {
        *request.uri_mut() = path.parse().unwrap_or_default();
    }
    next.run(request).await
}

#[put("/v2/items")]
async fn not_reached() {}

#[options("/v2/own")]
async fn not_reached_either() {}

/// A preflight is judged by the path that the request itself would have at its handler, on whichever side of the
/// middleware that rewrites it the `Cors` stands.
#[test]
fn a_preflight_is_routed_as_its_path_is_rewritten() {
    macro_rules! routes_of {
        () => {
            App::new(routes![list, create, remove, own, own_options, not_reached, not_reached_either])
        };
    }
    let outside = TestClient::new(routes_of!().with(named()).with(strip));
    let inside = TestClient::new(routes_of!().with(strip).with(named()));
    for client in [outside, inside] {
        let preflight = |path: &str, method: &'static str| {
            let request = client.options(path).header("origin", APP);
            request.header("access-control-request-method", method).send()
        };
        let response = preflight("/v2/items", "POST");
        assert_eq!(response.status(), 204);
        assert_eq!(response.header("access-control-allow-origin"), Some(APP));
        assert_eq!(response.header("access-control-allow-methods"), Some("GET, HEAD, POST, OPTIONS"));
        let response = preflight("/v2/items", "PUT");
        assert_eq!(response.status(), 405);
        assert_eq!(response.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
        assert_eq!(response.header("access-control-allow-origin"), None);
        assert_eq!(preflight("/v2/items/3", "DELETE").status(), 204);
        assert_eq!(preflight("/v2/nowhere", "GET").status(), 404);
        let response = preflight("/v2/own", "PUT");
        assert_eq!((response.status().as_u16(), response.text()), (200, "ask me"));
        assert_eq!(response.header("access-control-allow-origin"), Some(APP));
        assert_eq!(response.header("access-control-allow-methods"), Some("PUT"));
    }
}

/// `OPTIONS` is a method like others to a page (`fetch(url, { method: "OPTIONS" })`), and is listed among those of the path.
#[test]
fn a_preflight_can_ask_about_options() {
    for client in [with(Cors::default()), with(Cors::default().allow_methods([Method::OPTIONS]))] {
        for path in ["/items", "/anything", "/own"] {
            let answer = preflight(&client, path, APP, "OPTIONS", Some("x-key"));
            assert!(
                browser_goes_on(&answer, APP, "OPTIONS", &["x-key"], false),
                "{path}: {} {:?}",
                answer.status(),
                answer.headers()
            );
        }
        assert!(has_no_cors_fields(&preflight(&client, "/nowhere", APP, "OPTIONS", None)));
    }
    let client = with(named().allow_methods([Method::GET]));
    let answer = preflight(&client, "/items", APP, "OPTIONS", None);
    assert_eq!((answer.status().as_u16(), has_no_cors_fields(&answer)), (403, true));
    let answer = preflight(&client, "/items", EVIL, "OPTIONS", None);
    assert_eq!((answer.status().as_u16(), has_no_cors_fields(&answer)), (403, true));
}

#[post("/own")]
async fn own_post() {}

/// Browsers send GET, HEAD and POST whatever the list of methods says, so a method that is not allowed must get no fields.
#[test]
fn other_code_that_answers_a_preflight_allows_no_method_that_is_not_allowed() {
    let client = TestClient::new(
        App::new(routes![own, own_options, own_post]).with(named().allow_methods([Method::PUT])),
    );
    assert!(browser_goes_on(&preflight(&client, "/own", APP, "PUT", None), APP, "PUT", &[], false));
    let answer = preflight(&client, "/own", APP, "POST", Some("content-type"));
    assert_eq!(answer.text(), "ask me");
    assert!(has_no_cors_fields(&answer), "{:?}", answer.headers());
    assert!(!browser_goes_on(&answer, APP, "POST", &["content-type"], false));
}

#[get("/pages")]
async fn pages() -> ([(HeaderName, &'static str); 1], ()) {
    ([(header::ACCESS_CONTROL_EXPOSE_HEADERS, "x-next")], ())
}

#[test]
fn what_a_handler_exposes_stays_exposed() {
    let exposed = |cors: Cors<NamedOrigins>| {
        let answer =
            TestClient::new(App::new(routes![pages]).with(cors)).get("/pages").header("origin", APP).send();
        let values = answer.headers().get_all("access-control-expose-headers").iter();
        values.map(|value| value.to_str().unwrap_or("?").to_owned()).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(exposed(named()), "x-next");
    assert_eq!(exposed(named().expose_headers(["x-total"])), "x-next, x-total");
}

#[test]
fn a_list_of_asked_headers_in_several_fields_is_one_list() {
    let client = with(named());
    let request =
        client.options("/items/7").header("origin", APP).header("access-control-request-method", "DELETE");
    let answer = request
        .header("access-control-request-headers", "x-a")
        .header("access-control-request-headers", "x-b, x-c")
        .send();
    let all: Vec<_> = answer.headers().get_all("access-control-allow-headers").iter().collect();
    assert_eq!(all, ["x-a, x-b, x-c"]);
}

fn lax() -> Cors<NamedOrigins> {
    Cors::new().allow_origin(EVIL)
}

#[cello::blueprint("/shared", with(lax()))]
mod lax_rest {
    use super::*;

    #[any("/thing")]
    async fn rest() -> &'static str {
        "rest"
    }
}

#[cello::blueprint("/shared", with(admin_cors()))]
mod strict_put {
    use super::*;

    #[put("/thing")]
    async fn thing() -> &'static str {
        "put"
    }
}

#[test]
fn a_preflight_passes_the_scopes_of_the_method_that_it_asks_about_beside_any() {
    let client = TestClient::new(App::new(routes![lax_rest, strict_put]));
    assert!(browser_goes_on(
        &preflight(&client, "/shared/thing", EVIL, "PATCH", None),
        EVIL,
        "PATCH",
        &[],
        false
    ));
    let answer = preflight(&client, "/shared/thing", EVIL, "PUT", None);
    assert!(has_no_cors_fields(&answer), "{} {:?}", answer.status(), answer.headers());
    let answer = preflight(&client, "/shared/thing", APP, "PUT", None);
    assert!(browser_goes_on(&answer, APP, "PUT", &[], true), "{} {:?}", answer.status(), answer.headers());
}

#[test]
fn odd_questions_are_answered() {
    for client in [with(Cors::default()), with(named().allow_credentials())] {
        let answer = preflight(&client, "*", APP, "GET", Some("x-a"));
        assert_eq!((answer.status().as_u16(), has_no_cors_fields(&answer)), (404, true), "{:?}", answer);
        for method in ["", "GET, POST", "G T", " "] {
            let answer = preflight(&client, "/items", APP, method, None);
            assert_eq!(answer.status(), 204, "{method}");
            assert_eq!(answer.header("access-control-allow-methods"), None, "{method}: no preflight");
        }
        for headers in ["", ",", "x-a,,x-b", " x-a ,\tx-b", "*"] {
            let answer = preflight(&client, "/items", APP, "POST", Some(headers));
            assert_eq!(answer.status(), 204, "{headers}");
        }
    }
    let client = with(named().allow_origin_fn(|_| panic!("on purpose")));
    assert_eq!(preflight(&client, "/items", EVIL, "POST", None).status(), 500);
    assert_eq!(client.get("/items").header("origin", EVIL).send().status(), 500);
}

#[get("/mixed", with(lax()))]
async fn mixed_get() {}

#[patch("/mixed", with(lax()))]
async fn mixed_patch() {}

#[put("/mixed")]
async fn mixed_put() {}

/// Browsers keep an answer for all methods that it lists: what one `Cors` says must not allow what another judges, or none.
#[test]
fn a_preflight_lists_no_method_that_meets_another_cors() {
    let plain = App::new(routes![mixed_get, mixed_put]);
    let listed = |client: &TestClient, method| {
        let answer = preflight(client, "/mixed", EVIL, method, None);
        answer.header("access-control-allow-methods").map(str::to_owned)
    };
    assert_eq!(listed(&TestClient::new(plain), "GET").as_deref(), Some("GET, HEAD, OPTIONS"));
    let outer = TestClient::new(App::new(routes![mixed_get, mixed_put, mixed_patch]).enable_cors());
    assert_eq!(listed(&outer, "PUT").as_deref(), Some("PUT, OPTIONS"));
    assert_eq!(listed(&outer, "OPTIONS").as_deref(), Some("PUT, OPTIONS"));
    assert_eq!(listed(&outer, "PATCH").as_deref(), Some("PATCH, OPTIONS"), "a stack of its own");
    let all = [Method::GET, Method::PUT, Method::DELETE];
    let named =
        TestClient::new(App::new(routes![mixed_get, mixed_put]).with(Cors::default().allow_methods(all)));
    assert_eq!(listed(&named, "PUT").as_deref(), Some("PUT, DELETE"));
}

async fn forbids(_: Request, _: Next<'_>) -> StatusCode {
    StatusCode::FORBIDDEN
}

async fn asks(request: Request, next: Next<'_>) -> Response {
    if request.headers().contains_key("x-may") {
        next.run(request).await
    } else {
        forbids(request, next).await.into_response()
    }
}

#[any("/private", with(stamp, asks))]
async fn private(method: Method) -> String {
    format!("private {method}")
}

#[put("/private")]
async fn public_put() {}

#[patch("/private", with(Timeout::new(Duration::from_secs(60))))]
async fn public_patch() {}

/// Without a `Cors` a preflight is a request like others, which reaches no handler around the middleware of that.
#[test]
fn a_preflight_that_nobody_answers_passes_the_middleware_of_its_handler() {
    let client = TestClient::new(App::new(routes![private, public_put, public_patch]));
    for method in ["PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS"] {
        let answer = preflight(&client, "/private", EVIL, method, None);
        assert_eq!((answer.status().as_u16(), answer.header("x-stamp")), (403, Some("seen")), "{method}");
        let request = client.options("/private").header("origin", EVIL).header("x-may", "1");
        let answer = request.header("access-control-request-method", method).send();
        assert_eq!((answer.text(), answer.header("x-stamp")), ("private OPTIONS", Some("seen")), "{method}");
        assert_eq!(answer.headers().get_all("x-stamp").iter().count(), 1);
    }
}

async fn counts(request: Request, next: Next<'_>) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().append("x-count", HeaderValue::from_static("1"));
    response
}

#[cello::blueprint("/counted", with(counts))]
mod counted {
    use super::*;

    #[any("/thing", with(counts))]
    async fn any_method() -> &'static str {
        "any"
    }

    #[put("/thing", with(counts))]
    async fn put_thing() {}
}

#[test]
fn no_middleware_is_passed_twice_by_a_preflight() {
    let client = TestClient::new(App::new(routes![counted]));
    let count = |answer: TestResponse| {
        assert_eq!(answer.text(), "any");
        answer.headers().get_all("x-count").iter().count()
    };
    assert_eq!(count(client.options("/counted/thing").send()), 2);
    assert_eq!(count(preflight(&client, "/counted/thing", APP, "PATCH", None)), 2);
    assert_eq!(
        count(preflight(&client, "/counted/thing", APP, "PUT", None)),
        3,
        "that of PUT, and of its handler"
    );
}

async fn overrides(mut request: Request, next: Next<'_>) -> Response {
    *request.method_mut() = Method::GET;
    next.run(request).await
}

#[cello::blueprint("/", with(overrides))]
mod overridden {
    use super::*;

    #[post("/private", with(SecurityHeaders::default()))]
    async fn post_private() {}
}

/// Whatever the middleware that a preflight passes makes of it.
#[test]
fn a_preflight_that_becomes_another_request_passes_the_middleware_of_its_handler() {
    let client = TestClient::new(App::new(routes![private, overridden]));
    let answer = preflight(&client, "/private", EVIL, "POST", None);
    assert_eq!((answer.status().as_u16(), answer.header("x-stamp")), (403, Some("seen")));
    assert!(answer.header("x-content-type-options").is_some());
}
