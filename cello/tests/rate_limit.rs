//! Rate limits: keys, algorithms, header fields, refusals, scopes, stores.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cello::middleware::RateLimitBy;
use cello::middleware::rate_limit::{Charge, Key, Limit, MemoryStore, Store};
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};
use cello::{Clock, Time};

/// A clock that the test moves.
#[derive(Clone)]
struct Hands(Instant, Arc<AtomicU64>);

impl Hands {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn move_on(&self, ms: u64) {
        self.1.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Time for Hands {
    fn now(&self) -> Instant {
        self.0 + Duration::from_millis(self.1.load(Ordering::Relaxed))
    }
}

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[get("/search", with(RateLimit::new(Limit::token_bucket(60, MINUTE).burst(2).name("search"))))]
async fn search() -> &'static str {
    "found"
}

#[cello::blueprint("/both", with(RateLimit::new(Limit::sliding_window(2, MINUTE).name("both"))))]
mod both {
    use super::*;

    #[get("/one")]
    async fn one() -> &'static str {
        "one"
    }

    #[get("/other")]
    async fn other() -> &'static str {
        "other"
    }
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn client(limit: RateLimit<impl Store>) -> (TestClient, Hands) {
    let hands = Hands::new();
    let app = App::new(routes![index, search, both]).clock(Clock::new(hands.clone())).with(limit);
    (TestClient::new(app), hands)
}

fn from(client: &TestClient, address: &str) -> TestResponse {
    client.get("/").peer(address.parse().unwrap()).send()
}

#[test]
fn a_refusal_says_what_is_allowed_and_when_to_come_back() {
    let (client, hands) = client(RateLimit::new(Limit::token_bucket(2, MINUTE)));
    let first = from(&client, "192.0.2.1:1000");
    assert_eq!(first.header("ratelimit-policy"), Some("\"default\";q=2;w=60"));
    assert_eq!(first.header("ratelimit"), Some("\"default\";r=1;t=30"));
    assert_eq!(from(&client, "192.0.2.1:1001").header("ratelimit"), Some("\"default\";r=0;t=30"));
    hands.move_on(500);
    let refused = from(&client, "192.0.2.1:1002");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.header("retry-after"), Some("30"), "29.5 s are 30 whole ones");
    assert_eq!(refused.header("ratelimit-policy"), Some("\"default\";q=2;w=60"));
    assert_eq!(refused.header("ratelimit"), Some("\"default\";r=0;t=30"));
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    let problem: serde_json::Value = refused.json();
    assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert_eq!(problem["violated-policies"], serde_json::json!(["default"]));
    assert_eq!(problem["detail"], "no more is allowed than 2 requests in 60s; try again in 30 s");
    assert_eq!(from(&client, "192.0.2.2:1000").status(), 200, "another client");
    hands.move_on(29_500);
    assert_eq!(from(&client, "192.0.2.1:1003").status(), 200, "as it was told");
}

#[test]
fn one_client_is_one_address_or_network() {
    for (same, other) in [
        ("192.0.2.1:2", "192.0.2.9:1"),
        ("[2001:db8::ffff]:1", "[2001:db8:0:1::1]:1"),
        ("[::ffff:192.0.2.1]:1", "[2001:db8::1]:1"),
    ] {
        let first = if same.contains("db8") { "[2001:db8::1]:1" } else { "192.0.2.1:1" };
        let (client, _) = client(RateLimit::per_second(1));
        assert_eq!(from(&client, first).status(), 200);
        assert_eq!(from(&client, same).status(), 429, "{same}");
        assert_eq!(from(&client, other).status(), 200, "{other}");
    }
    let (client, _) = client(RateLimit::per_second(1));
    assert_eq!(client.get("/").send().status(), 200);
    assert_eq!(client.get("/").send().status(), 429, "without an address all are one");
}

#[test]
fn the_client_is_whom_a_trusted_proxy_names_and_nobody_else() {
    let app = || App::new(routes![index]);
    let get = |client: &TestClient, forwarded: &str| {
        let request = client.get("/").peer("127.0.0.1:1".parse().unwrap());
        request.header("x-forwarded-for", forwarded).send().status().as_u16()
    };
    let behind = TestClient::new(app().enable_trusted_proxies().with(RateLimit::per_second(1)));
    assert_eq!(["192.0.2.1", "192.0.2.2", "192.0.2.1"].map(|address| get(&behind, address)), [200, 200, 429]);
    let open = TestClient::new(app().with(RateLimit::per_second(1)));
    assert_eq!(["192.0.2.1", "192.0.2.2"].map(|address| get(&open, address)), [200, 429]);
}

#[test]
fn a_key_may_be_a_header_a_user_or_everybody() {
    let get = |client: &TestClient, name: &str, peer: &str| {
        client.get("/").header("x-user", name).peer(peer.parse().unwrap()).send().status().as_u16()
    };
    let one = || Limit::token_bucket(1, SECOND);
    let (by_header, _) = client(RateLimit::new(one().by(Key::header("x-user"))));
    assert_eq!(get(&by_header, "alice", "192.0.2.1:1"), 200);
    assert_eq!(get(&by_header, "alice", "192.0.2.2:1"), 429, "from wherever");
    assert_eq!(get(&by_header, "bob", "192.0.2.1:1"), 200);
    assert_eq!(from(&by_header, "192.0.2.1:1").status(), 200);
    assert_eq!(from(&by_header, "192.0.2.1:1").status(), 429, "without the header the address counts");

    let user = |request: &Request| request.headers().get("x-user").map(|name| name.as_bytes().to_vec());
    let (by_user, _) = client(RateLimit::new(one().by(Key::of(user))));
    assert_eq!(get(&by_user, "alice", "192.0.2.1:1"), 200);
    assert_eq!(get(&by_user, "alice", "192.0.2.2:1"), 429);
    for _ in 0..5 {
        let free = from(&by_user, "192.0.2.1:1");
        assert_eq!((free.status().as_u16(), free.header("ratelimit")), (200, None), "no user, no limit");
    }

    let (together, _) = client(RateLimit::new(one().by(Key::everybody())));
    assert_eq!(get(&together, "alice", "192.0.2.1:1"), 200);
    assert_eq!(get(&together, "bob", "[2001:db8::1]:1"), 429);
}

#[test]
fn several_limits_hold_at_once() {
    let (client, hands) = client(
        RateLimit::new(Limit::token_bucket(2, SECOND).name("burst"))
            .and(Limit::sliding_window(3, MINUTE).name("minute").by(Key::header("x-user"))),
    );
    let get = || client.get("/").header("x-user", "alice").send();
    let first = get();
    assert_eq!(first.header("ratelimit-policy"), Some("\"burst\";q=2;w=1, \"minute\";q=3;w=60"));
    assert_eq!(first.header("ratelimit"), Some("\"burst\";r=1;t=1, \"minute\";r=2;t=60"));
    assert_eq!(get().status(), 200);
    let refused = get();
    assert_eq!(refused.json::<serde_json::Value>()["violated-policies"], serde_json::json!(["burst"]));
    assert_eq!(refused.header("retry-after"), Some("1"));
    hands.move_on(1000);
    assert_eq!(get().status(), 200, "what was refused did not count");
    let refused = get();
    assert_eq!(refused.json::<serde_json::Value>()["violated-policies"], serde_json::json!(["minute"]));
    assert_eq!(refused.header("retry-after"), Some("59"));
    hands.move_on(59_000);
    assert_eq!(get().status(), 200);
}

#[test]
fn routes_and_blueprints_have_limits_of_their_own() {
    let (client, _) = client(RateLimit::new(Limit::token_bucket(100, SECOND).name("all")));
    let get = |path: &str| client.get(path).send();
    let first = get("/search");
    let values = |name: &str| -> Vec<_> {
        first.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    };
    assert_eq!(values("ratelimit"), ["\"search\";r=1;t=1", "\"all\";r=99;t=1"]);
    assert_eq!(values("ratelimit-policy"), ["\"search\";q=60;w=60;cello-burst=2", "\"all\";q=100;w=1"]);
    assert_eq!([get("/search").status(), get("/search").status()], [200, 429]);
    assert_eq!([get("/both/one").status(), get("/both/other").status()], [200, 200]);
    assert_eq!([get("/both/one").status(), get("/both/other").status()], [429, 429]);
    assert_eq!(get("/").status(), 200);
}

#[test]
fn what_has_no_route_counts_too() {
    let (client, _) = client(RateLimit::per_second(2));
    assert_eq!(client.get("/nowhere").send().status(), 404);
    assert_eq!(client.post("/").send().status(), 405);
    assert_eq!(client.get("/nowhere").send().status(), 429);
}

#[test]
fn the_fields_can_be_left_out() {
    let (client, _) = client(RateLimit::per_second(1).fields(false));
    let admitted = client.get("/").send();
    assert_eq!((admitted.header("ratelimit"), admitted.header("ratelimit-policy")), (None, None));
    assert_eq!(client.get("/").send().header("ratelimit"), Some("\"default\";r=0;t=1"));
}

#[test]
fn a_window_of_parts_of_a_second_is_not_told() {
    let (client, _) = client(RateLimit::new(Limit::token_bucket(5, Duration::from_millis(1500))));
    assert_eq!(client.get("/").send().header("ratelimit-policy"), Some("\"default\";q=5"));
}

/// A store that is down.
struct Down;

impl Store for Down {
    async fn admit(&self, _: &mut [Charge<'_>], _: Instant) -> cello::Result<bool> {
        Err(cello::Error::msg("no connection"))
    }
}

/// One that waits before it answers, as a store on another machine does.
struct Slow(MemoryStore);

impl Store for Slow {
    async fn admit(&self, charges: &mut [Charge<'_>], now: Instant) -> cello::Result<bool> {
        tokio::task::yield_now().await;
        self.0.admit(charges, now).await
    }
}

#[test]
fn another_store_decides() {
    let (admitting, _) = client(RateLimit::per_second(1).store(Down));
    assert_eq!(admitting.get("/").send().status(), 200);
    let (refusing, _) = client(RateLimit::per_second(1).store(Down).refuse_on_failure(true));
    assert_eq!(refusing.get("/").send().status(), 503);

    let shared = Arc::new(Slow(MemoryStore::new(100)));
    let (one, _) = client(RateLimit::per_second(1).store(Arc::clone(&shared)));
    let (other, _) = client(RateLimit::per_second(1).store(shared));
    assert_eq!(one.get("/").send().status(), 200);
    assert_eq!(other.get("/").send().status(), 429, "two processes, one limit");
}

/// Who asks, as a middleware finds out.
struct User(Option<String>);

struct Sessions;

impl MiddlewareWith for Sessions {
    type State = ();
    type Provides = User;

    async fn handle<'a>(&'a self, request: Request, (): (), next: Next<'a, impl Handle, User>) -> Response {
        let name = request.headers().get("x-user").map(|name| name.to_str().unwrap().to_owned());
        next.run_with(request, &User(name)).await
    }
}

fn by_user() -> RateLimitBy<User> {
    // The second has a key of its own.
    let everybody = Limit::token_bucket(5, MINUTE).name("everybody").by(Key::everybody());
    RateLimit::per_minute(2).and(everybody).by_provided(|user: &User| user.0.clone())
}

#[get("/reports", with(by_user() as RateLimitBy<User>))]
async fn reports() {}

#[cello::blueprint("/inside", with(Sessions, by_user() as RateLimitBy<User>))]
mod inside {
    use super::*;

    #[get("/")]
    async fn index() {}
}

#[test]
fn a_user_whom_a_middleware_has_found_is_a_key() {
    let slow = by_user_in(Slow(MemoryStore::new(100)));
    for (name, client, path) in [
        ("route", TestClient::new(App::new(routes![reports]).with(Sessions)), "/reports"),
        ("blueprint", TestClient::new(App::new(routes![inside])), "/inside"),
        ("application", TestClient::new(App::new(routes![index]).with(Sessions).with(by_user())), "/"),
        ("waiting", TestClient::new(App::new(routes![index]).with(Sessions).with(slow)), "/"),
    ] {
        let ask = |user: Option<&str>| {
            let mut request = client.get(path);
            if let Some(user) = user {
                request = request.header("x-user", user);
            }
            request.send().status().as_u16()
        };
        let statuses = ["ada", "ada", "ada", "bob"].map(|user| ask(Some(user)));
        assert_eq!(statuses, [200, 200, 429, 200], "{name}");
        // Who has no key is limited by the other limit alone, which counts everybody.
        assert_eq!([ask(None), ask(None), ask(None)], [200, 200, 429], "{name}");
    }
}

#[test]
fn a_user_who_is_never_asked_for_is_a_sentence_at_start() {
    let everybody = RateLimit::new(Limit::token_bucket(5, MINUTE).by(Key::everybody()));
    let limit = everybody.by_provided(|user: &User| user.0.clone());
    let app = App::new(routes![index]).with(Sessions).with(limit);
    let error = TestClient::builder(app).try_build().unwrap_err().to_string();
    assert!(error.contains("`by_provided` is never asked"), "{error}");
}

fn by_user_in<S: Store>(store: S) -> RateLimitBy<User, S> {
    let everybody = Limit::token_bucket(5, MINUTE).name("everybody").by(Key::everybody());
    RateLimit::per_minute(2).and(everybody).store(store).by_provided(|user: &User| user.0.clone())
}

#[test]
fn a_bad_configuration_is_a_sentence_at_start() {
    let second = |quota| Limit::token_bucket(quota, SECOND);
    for (limit, reason) in [
        (RateLimit::per_second(0), "a quota of 0 refuses every request"),
        (RateLimit::new(second(1).burst(0)), "a burst of 0"),
        (RateLimit::new(Limit::sliding_window(0, SECOND)), "a quota of 0"),
        (RateLimit::new(Limit::sliding_window(1, SECOND).burst(3)), "a sliding window has no burst"),
        (RateLimit::new(Limit::token_bucket(1, Duration::ZERO)), "more than 0 and at most a year"),
        (RateLimit::new(Limit::sliding_window(1, Duration::MAX)), "more than 0 and at most a year"),
        (RateLimit::new(second(2_000_000)), "more than one request in a microsecond"),
        (RateLimit::new(Limit::token_bucket(1, MINUTE).burst(u32::MAX)), "more than a year to be earned"),
        (RateLimit::new(second(1).name("a\"b")), "printable ASCII"),
        (RateLimit::new(second(1).name("")), "not empty"),
        (RateLimit::new(second(1).by(Key::header("no header"))), "cannot be named so"),
        (RateLimit::per_second(1).and(second(2)), "two limits have the name `default`"),
        (
            ["b", "c", "d", "e"]
                .into_iter()
                .fold(RateLimit::per_second(1), |all, name| all.and(second(1).name(name))),
            "5 limits are more than 4",
        ),
    ] {
        let client = TestClient::builder(App::new(routes![index]).with(limit)).try_build();
        let fault = client.map_or_else(|error| error.to_string(), |_| "it started".to_owned());
        assert!(fault.contains(reason), "{fault} instead of {reason}");
    }
}
