//! Configuration of middleware that cannot be right is a sentence at start, also where only its place is wrong.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cello::middleware::rate_limit::{Key, Limit};
use cello::middleware::request_id::Upstream;
use cello::middleware::security_headers::{Csp, Hsts, SELF};
use cello::prelude::*;
use cello::testing::TestClient;

const SECOND: Duration = Duration::from_secs(1);

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

/// Why an application does not start, or that it does.
fn fault(app: impl Application) -> String {
    TestClient::builder(app).try_build().map_or_else(|error| error.to_string(), |_| "it started".to_owned())
}

/// With one handler, in front of which these stand in the application's stack.
macro_rules! starts_not {
    ($reason:literal, $($middleware:expr),+ $(,)?) => {
        let fault = fault(App::new(routes![index])$(.with($middleware))+);
        assert!(fault.contains($reason), "{fault} instead of {}", $reason);
    };
}

macro_rules! starts {
    ($($middleware:expr),+ $(,)?) => {
        assert_eq!(fault(App::new(routes![index])$(.with($middleware))+), "it started");
    };
}

mod limits {
    use super::*;

    #[get("/search", with(RateLimit::per_minute(5)))]
    pub(crate) async fn search() {}

    #[cello::blueprint("/users", with(RateLimit::per_minute(5).fields(false)))]
    pub(crate) mod users {
        use super::*;

        #[get("/one", with(RateLimit::new(Limit::sliding_window(1, SECOND).name("one"))))]
        async fn one() {}

        #[get("/two", with(RateLimit::per_second(1)))]
        async fn two() {}
    }
}

#[test]
fn limits_of_one_way_have_names_of_their_own() {
    let twice = fault(App::new(routes![limits::search]).with(RateLimit::per_second(10)));
    assert!(
        twice.contains("two limits have the name `default` around `configuration::limits::search`"),
        "{twice}"
    );
    let named = RateLimit::new(Limit::token_bucket(10, SECOND).name("all"));
    assert_eq!(fault(App::new(routes![limits::search]).with(named)), "it started");
    let within = fault(App::new(routes![limits::users]));
    assert!(within.contains("around `configuration::limits::users::two`"), "{within}");
    starts_not!("two limits have the name `default`", RateLimit::per_second(1), RateLimit::per_hour(100));
}

#[test]
fn trusted_proxies_stand_outside_of_what_asks_for_the_client() {
    let proxies = TrustedProxies::default;
    starts_not!("the rate limit `default` stands further out", RateLimit::per_second(1), proxies());
    starts_not!(
        "the rate limit `key` stands further out",
        RateLimit::new(Limit::token_bucket(1, SECOND).name("key").by(Key::header("x-key"))),
        proxies(),
    );
    starts!(proxies(), RateLimit::per_second(1));
    starts!(RateLimit::new(Limit::token_bucket(1, SECOND).by(Key::everybody())), proxies());
    starts_not!("two stand in the application's stack", proxies(), proxies());
}

#[test]
fn who_asks_trusted_proxies_has_them_around_it() {
    for ids in [
        RequestIds::new().accept_id(Upstream::TrustedProxy),
        RequestIds::new().accept_trace(Upstream::TrustedProxy),
    ] {
        starts_not!("no `TrustedProxies` stands further out", ids.clone());
        starts_not!("no `TrustedProxies` stands further out", ids.clone(), TrustedProxies::default());
        // A setting may turn the proxies off, where there are none: nobody's id is accepted then.
        starts!(None::<TrustedProxies>, ids.clone());
        starts!(None::<Arc<TrustedProxies>>, ids.clone());
        starts!(TrustedProxies::default(), ids);
    }
    let unread = RequestIds::new().no_header().accept_id(Upstream::Anyone);
    starts_not!("without a header field no id can be accepted", unread);
    starts_not!("`content-length` means something else", RequestIds::new().header("Content-Length"));
}

#[test]
fn reports_go_to_an_endpoint_that_is_said() {
    let reporting = || Csp::new().default_src([SELF]).report_to("csp");
    let headers = SecurityHeaders::default;
    starts_not!("reports to \"csp\", but nothing says where that is", headers().csp(reporting()));
    starts_not!("reports to \"csp\"", headers().csp_report_only(reporting()));
    starts_not!(
        "reports to \"csp\"",
        headers().reporting_endpoint("other", "https://reports.example/").csp(reporting()),
    );
    let there = headers().reporting_endpoint("csp", "https://reports.example/csp");
    starts!(there.clone().csp(reporting()));
    starts!(there.clone(), headers().csp(reporting()));
    // The endpoints of the inner one are those that are sent, beside the policy of the outer one.
    let other = headers().reporting_endpoint("other", "https://reports.example/");
    starts_not!("reports to \"csp\"", there.clone().csp(reporting()), other.clone());
    starts!(there.clone().csp(reporting()), other.csp(Csp::new().default_src([SELF])));
    starts_not!("two endpoints for reports have the name \"csp\"", there.reporting_endpoint("csp", "/csp"));
}

#[test]
fn times_of_header_fields_are_seconds() {
    let short = Duration::from_millis(400);
    let hsts = |time| SecurityHeaders::default().hsts(Hsts::new().max_age(time));
    starts_not!("HSTS: 400ms is less than a second", hsts(short));
    starts_not!("HSTS: no client understands", hsts(Duration::MAX));
    starts!(hsts(Duration::ZERO));
    starts_not!("remember a preflight: 400ms is less than a second", Cors::any_origin().max_age(short));
    starts!(Cors::any_origin().max_age(Duration::ZERO));
    starts_not!("nobody comes again after", ConcurrencyLimit::new(1).retry_after(Duration::MAX));
}

/// One that several places share.
fn shared() -> &'static (Arc<Timeout>, Arc<ConcurrencyLimit>, Metrics) {
    static SHARED: OnceLock<(Arc<Timeout>, Arc<ConcurrencyLimit>, Metrics)> = OnceLock::new();
    SHARED.get_or_init(|| {
        (Arc::new(Timeout::new(SECOND)), Arc::new(ConcurrencyLimit::new(1)), Metrics::new().no_path())
    })
}

#[get("/limited", with(Arc::clone(&shared().1) as Arc<ConcurrencyLimit>))]
async fn limited() {}

#[get("/measured", with(Metrics::new()))]
async fn measured() {}

#[test]
fn one_instance_stands_once_on_a_way() {
    let (time, places, metrics) = shared();
    starts_not!(
        "timeout: the same one stands twice in the application's stack",
        Arc::clone(time),
        Arc::clone(time)
    );
    starts!(Timeout::new(SECOND), Timeout::new(SECOND));
    starts_not!("concurrency limit: the same one stands twice", Arc::clone(places), Arc::clone(places));
    let both = fault(App::new(routes![limited]).with(Arc::clone(places)));
    assert!(both.contains("the same one stands twice around `configuration::limited`"), "{both}");
    assert_eq!(fault(App::new(routes![limited])), "it started");
    starts_not!("metrics: the same one stands twice", metrics.clone(), metrics.clone());
}

#[get("/metrics")]
async fn own_metrics() {}

#[get("/<page>")]
async fn page(page: &str) -> String {
    page.to_owned()
}

#[test]
fn metrics_are_those_of_one_application_at_a_path_that_is_free() {
    let metrics = Metrics::new();
    let app = || App::new(routes![index]).with(metrics.clone());
    assert_eq!(fault(app()), "it started");
    assert_eq!(fault(app()), "it started", "the same application, put together anew");
    let other = fault(App::new(routes![page]).with(metrics));
    assert!(other.contains("counts for another application already"), "{other}");

    for path in ["/metrics", "/metrics/"] {
        let hidden = fault(App::new(routes![own_metrics]).with(Metrics::new().path(path)));
        assert!(hidden.contains("is the path of `configuration::own_metrics` too"), "{path}: {hidden}");
    }
    let below = App::new(routes![own_metrics]).base_path("/svc").with(Metrics::new().path("/svc/metrics/"));
    assert!(fault(below).contains("is the path of `configuration::own_metrics` too"));
    assert_eq!(fault(App::new(routes![page]).with(Metrics::new())), "it started", "a parameter yields");
    starts_not!("two are read at `/metrics`", Metrics::new(), Metrics::new());
    let unreachable = fault(App::new(routes![measured]));
    assert!(
        unreachable.contains("around `configuration::measured` nobody would reach `/metrics`"),
        "{unreachable}"
    );
}
