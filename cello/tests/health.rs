//! Whether the application lives, is ready, has started.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use cello::health::{Health, HealthCheck, HealthReport, HealthStatus, Probe, Started};
use cello::prelude::*;
use cello::testing::TestClient;
use cello::{Clock, Time};
use serde_json::{Value, json};
use tokio::sync::{Barrier, Notify};
use tower_service::Service;

/// What the checks ask.
#[derive(Clone, Default)]
struct Database {
    is_down: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Database {
    async fn ping(&self) -> cello::Result<()> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.is_down.load(Ordering::Relaxed) {
            Err(cello::Error::msg("no route to 10.1.2.3"))
        } else {
            Ok(())
        }
    }
}

#[derive(AppState)]
struct Services {
    database: Database,
}

/// An application with these further calls.
macro_rules! client {
    ($database:expr $(, $method:ident($($arg:expr),*))*) => {
        TestClient::new(
            App::new(routes![cello::health])
                .state(Services { database: $database.clone() })
                .health_check("database", async |database: State<Database>| database.ping().await)
                $(.$method($($arg),*))*
        )
    };
}

fn get(client: &TestClient, path: &str) -> (u16, Value) {
    let response = client.get(path).send();
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    (response.status().as_u16(), response.json())
}

/// What was found, without the times.
fn details(client: &TestClient) -> Value {
    let mut report = get(client, "/health/ready").1;
    for check in report["checks"].as_object_mut().unwrap().values_mut() {
        assert!(check["duration_ms"].take().is_f64());
    }
    report
}

fn unkept() -> Health {
    Health::new().keep_for(Duration::ZERO)
}

#[test]
fn readiness_follows_the_critical_checks_and_liveness_does_not() {
    let database = Database::default();
    let client = client!(database, health(unkept()));
    assert_eq!(get(&client, "/health/ready"), (200, json!({ "status": "pass" })));
    database.is_down.store(true, Ordering::Relaxed);
    assert_eq!(get(&client, "/health/ready"), (503, json!({ "status": "fail" })));
    assert_eq!(get(&client, "/health/live"), (200, json!({ "status": "pass" })));
    database.is_down.store(false, Ordering::Relaxed);
    assert_eq!(get(&client, "/health/ready").0, 200);
}

#[test]
fn a_check_that_is_not_critical_warns() {
    let client = client!(
        Database::default(),
        health(unkept().details(true)),
        health_check(HealthCheck::degraded("cache"), async || false),
        health_check("nothing", async || {})
    );
    let expected = json!({
        "status": "warn",
        "checks": {
            "database": { "status": "pass", "duration_ms": null },
            "cache": { "status": "warn", "reason": "it says no", "duration_ms": null },
            "nothing": { "status": "pass", "duration_ms": null },
        },
    });
    assert_eq!(details(&client), expected);
    assert_eq!(get(&client, "/health/ready").0, 200);
}

#[test]
fn details_are_shown_only_where_allowed() {
    let database = Database::default();
    database.is_down.store(true, Ordering::Relaxed);
    let hidden = client!(database).get("/health/ready").send();
    assert_eq!(hidden.text(), r#"{"status":"fail"}"#);
    let near = client!(
        database,
        health(Health::new().details_if(|head, client| {
            head.headers.contains_key("x-admin") && client.is_some_and(|client| client.is_loopback())
        }))
    );
    let ask = |peer: &str, header: &str| {
        let request = near.get("/health/ready").peer(peer.parse().unwrap()).header(header, "1");
        request.send().text().contains("no route to 10.1.2.3")
    };
    assert!(ask("127.0.0.1:1", "x-admin") && ask("[::ffff:127.0.0.1]:1", "x-admin"));
    assert!(!ask("192.0.2.1:1", "x-admin") && !ask("127.0.0.1:1", "x-other"));
}

async fn panics() -> bool {
    #[allow(clippy::panic)]
    {
        panic!("on purpose")
    }
}

#[test]
fn checks_that_hang_or_panic_have_failed() {
    let client = client!(
        Database::default(),
        health(unkept().details(true).timeout(Duration::from_millis(5))),
        health_check("hangs", async || std::future::pending::<()>().await),
        health_check(HealthCheck::degraded("panics"), panics),
        health_check(HealthCheck::critical("patient").timeout(Duration::from_secs(60)), async || {
            tokio::task::yield_now().await;
        })
    );
    let expected = json!({
        "status": "fail",
        "checks": {
            "database": { "status": "pass", "duration_ms": null },
            "hangs": { "status": "fail", "reason": "it took longer than 5ms", "duration_ms": null },
            "panics": { "status": "warn", "reason": "it panicked", "duration_ms": null },
            "patient": { "status": "pass", "duration_ms": null },
        },
    });
    assert_eq!(details(&client), expected);
}

#[test]
fn checks_run_at_the_same_time() {
    // Neither can pass alone.
    let (barrier, other) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(1)));
    let both = [Arc::clone(&barrier), barrier];
    let [one, two] = both.map(|barrier| {
        move || {
            let barrier = Arc::clone(&barrier);
            async move {
                barrier.wait().await;
            }
        }
    });
    let third = move || {
        let other = Arc::clone(&other);
        async move {
            other.wait().await;
        }
    };
    let client = client!(
        Database::default(),
        health_check("one", one),
        health_check("two", two),
        health_check("three", third)
    );
    assert_eq!(get(&client, "/health/ready").0, 200);
}

struct Now(Instant, Arc<AtomicU64>);

impl Time for Now {
    fn now(&self) -> Instant {
        self.0 + Duration::from_millis(self.1.load(Ordering::Relaxed))
    }
}

#[test]
fn what_was_found_is_kept_for_a_moment() {
    let (database, millis) = (Database::default(), Arc::new(AtomicU64::new(0)));
    let client = client!(database, clock(Clock::new(Now(Instant::now(), Arc::clone(&millis)))));
    let asked = || {
        get(&client, "/health/ready");
        database.asked.load(Ordering::Relaxed)
    };
    assert_eq!([asked(), asked(), asked()], [1, 1, 1]);
    millis.store(999, Ordering::Relaxed);
    assert_eq!(asked(), 1);
    millis.store(1000, Ordering::Relaxed);
    assert_eq!([asked(), asked()], [2, 2]);
}

#[tokio::test]
async fn probes_that_are_given_up_start_no_further_run() {
    let database = Database::default();
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (asked, begun, go_on) = (Arc::clone(&database.asked), Arc::clone(&begun), Arc::clone(&go_on));
        move || {
            let (asked, begun, go_on) = (Arc::clone(&asked), Arc::clone(&begun), Arc::clone(&go_on));
            async move {
                asked.fetch_add(1, Ordering::Relaxed);
                begun.notify_one();
                go_on.notified().await;
            }
        }
    };
    let app = App::new(routes![cello::health]).health(unkept()).health_check("slow", slow);
    let mut service = app.into_service().await.unwrap();
    let mut probe = || {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = "/health/ready".parse().unwrap();
        service.call(request)
    };
    let mut first = probe();
    tokio::select! {
        _ = &mut first => unreachable!("the check waits"),
        () = begun.notified() => {}
    }
    drop(first);
    for _ in 0..10 {
        let mut given_up = probe();
        assert!(Pin::new(&mut given_up).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let last = probe();
    go_on.notify_one();
    assert_eq!(last.await.unwrap().status(), 200);
    assert_eq!(database.asked.load(Ordering::Relaxed), 1);
}

#[test]
fn start_up_passes_once_and_for_all() {
    let database = Database::default();
    let client = client!(database, health(unkept()));
    database.is_down.store(true, Ordering::Relaxed);
    assert_eq!(get(&client, "/health/startup").0, 503);
    database.is_down.store(false, Ordering::Relaxed);
    assert_eq!(get(&client, "/health/startup").0, 200);
    database.is_down.store(true, Ordering::Relaxed);
    assert_eq!(get(&client, "/health/startup").0, 200);
    assert_eq!(get(&client, "/health/ready").0, 503);
}

#[test]
fn an_application_can_say_itself_that_it_has_started() {
    let started = Started::new();
    let client = client!(Database::default(), health(Health::new().starts_by_hand(&started)));
    let not_yet = json!({ "status": "fail", "reason": "the application has not started yet" });
    assert_eq!(get(&client, "/health/startup"), (503, not_yet.clone()));
    assert_eq!(get(&client, "/health/ready"), (503, not_yet));
    started.set();
    assert_eq!(get(&client, "/health/startup").0, 200);
    assert_eq!(get(&client, "/health/ready").0, 200);
}

#[get("/readyz")]
async fn readyz(probe: Probe) -> Result<String, HealthReport> {
    let report = probe.ready().await.passed()?;
    let checks = report.checks();
    assert_eq!(
        (checks.len(), report.status(), checks[0].status),
        (1, HealthStatus::Pass, HealthStatus::Pass)
    );
    Ok(checks[0].name.clone())
}

#[test]
fn a_handler_can_answer_otherwise() {
    let database = Database::default();
    let app = App::new(routes![readyz])
        .state(Services { database: database.clone() })
        .health(unkept())
        .health_check("database", async |database: State<Database>| database.ping().await);
    let client = TestClient::new(app);
    assert_eq!(client.get("/readyz").send().text(), "database");
    database.is_down.store(true, Ordering::Relaxed);
    let failed = client.get("/readyz").send();
    assert_eq!((failed.status().as_u16(), failed.text()), (503, r#"{"status":"fail"}"#));
}

#[test]
fn the_routes_stand_among_the_others() {
    let app = App::new(routes![cello::health]);
    let routes: Vec<_> = app.route_metas().iter().map(cello::RouteMeta::pattern).collect();
    assert_eq!(routes, ["/health/live", "/health/ready", "/health/startup"]);
    assert_eq!(cello::health::ready::path().as_str(), "/health/ready");
}

#[test]
fn a_check_that_could_not_work_keeps_the_application_from_starting() {
    let error = |check: &'static str, health: Health| {
        let app = App::new(routes![cello::health])
            .health_check("one", async || {})
            .health(health)
            .health_check(check, async || {});
        TestClient::builder(app).try_build().unwrap_err().to_string()
    };
    assert_eq!(error("one", Health::new()), r#"health check "one": each check has a name of its own"#);
    assert!(error("", Health::new()).contains("a name of its own"));
    assert!(error("two", Health::new().timeout(Duration::ZERO)).contains("no time to pass"));
}
