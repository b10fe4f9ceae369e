//! The time that an answer may take. Tokio's time is stopped: it jumps to the next moment at which something happens.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cello::prelude::*;
use cello::testing::TestClient;
use tokio::time::{Instant, sleep};
use tower_service::Service;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[get("/wait/<time>")]
async fn wait(time: u64) -> &'static str {
    sleep(seconds(time)).await;
    "waited"
}

#[get("/at-once")]
fn at_once() -> &'static str {
    "at once"
}

#[get("/own/<time>", timeout = seconds(5))]
async fn own(time: u64) -> &'static str {
    sleep(seconds(time)).await;
    "waited"
}

#[get("/route/<time>", with(Timeout::new(seconds(3))))]
async fn route(time: u64) -> &'static str {
    sleep(seconds(time)).await;
    "waited"
}

/// What follows the head for longer than any limit.
#[get("/streamed")]
async fn streamed() -> Body {
    let (mut writer, reader) = tokio::io::duplex(64);
    tokio::spawn(async move {
        sleep(seconds(100)).await;
        tokio::io::AsyncWriteExt::write_all(&mut writer, b"late").await
    });
    Body::from_reader(reader)
}

async fn slow_middleware(request: Request, next: Next<'_>) -> Response {
    sleep(seconds(8)).await;
    next.run(request).await
}

#[get("/inner", with(slow_middleware))]
async fn inner() -> &'static str {
    "inner"
}

/// Status, text, and the time that it took.
async fn ask(app: impl Application, path: &str) -> (u16, String, Duration) {
    let mut service = app.into_service().await.unwrap();
    let start = Instant::now();
    let response = service.call(http::Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let time = start.elapsed();
    let status = response.status().as_u16();
    let text = response.into_body().collect(10_000).await.unwrap();
    (status, String::from_utf8(text.to_vec()).unwrap(), time)
}

macro_rules! app {
    () => {
        App::new(routes![wait, at_once, own, route, streamed, inner])
    };
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_a_503() {
    let limited = || app!().with(Timeout::new(seconds(4)));
    let (status, text, time) = ask(limited(), "/wait/1000").await;
    assert_eq!((status, time), (503, seconds(4)));
    assert!(text.contains("the handler did not finish within 4s"), "{text}");
    for (path, status, time) in [
        ("/wait/3", 200, 3),
        ("/at-once", 200, 0),
        ("/nowhere", 404, 0),
        ("/inner", 503, 4),
        ("/streamed", 200, 0),
        ("/own/1000", 503, 4),
        ("/route/1000", 503, 3),
    ] {
        let answer = ask(limited(), path).await;
        assert_eq!((answer.0, answer.2), (status, seconds(time)), "{path}");
    }
    assert_eq!(ask(limited(), "/streamed").await.1, "late", "the body may take its time");
}

#[tokio::test(start_paused = true)]
async fn the_shorter_of_two_times_ends_the_request() {
    for (path, time) in [("/own/1000", 5), ("/route/1000", 3)] {
        let answer = ask(app!().with(Timeout::new(seconds(50))), path).await;
        assert_eq!((answer.0, answer.2), (503, seconds(time)), "{path}");
    }
}

async fn handed_on(request: Request, next: Next<'_>) -> Response {
    next.run(request).await
}

/// The same in a stack whose members never wait, and in one with a function that might.
#[tokio::test(start_paused = true)]
async fn those_outside_see_the_503_and_those_inside_see_nothing() {
    async fn marks(app: impl Application, path: &str) -> (u16, bool, bool) {
        let mut service = app.into_service().await.unwrap();
        let response = service.call(http::Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let has = |name| response.headers().contains_key(name);
        (response.status().as_u16(), has("access-control-allow-origin"), has("x-content-type-options"))
    }
    let nosniff = || SecurityHeaders::none().nosniff(true);
    let limit = |time| Timeout::new(seconds(time));
    for path in ["/wait/1000", "/own/1000", "/inner"] {
        let outside = || app!().enable_cors().with(limit(4)).with(nosniff());
        let between =
            |outer, inner| app!().enable_cors().with(limit(outer)).with(nosniff()).with(limit(inner));
        assert_eq!(marks(outside(), path).await, (503, true, false), "{path}");
        assert_eq!(marks(outside().with(handed_on), path).await, (503, true, false), "{path}");
        assert_eq!(marks(between(2, 4), path).await, (503, true, false), "{path}");
        assert_eq!(marks(between(2, 4).with(handed_on), path).await, (503, true, false), "{path}");
        assert_eq!(marks(between(4, 2), path).await, (503, true, true), "{path}");
        assert_eq!(marks(between(4, 2).with(handed_on), path).await, (503, true, true), "{path}");
        assert_eq!(marks(between(3, 3), path).await, (503, true, true), "{path}");
    }
    assert_eq!(
        marks(app!().enable_cors().with(limit(4)).with(nosniff()), "/wait/3").await,
        (200, true, true)
    );
}

#[tokio::test(start_paused = true)]
async fn what_took_too_long_is_dropped() {
    struct Told(Arc<AtomicBool>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    #[derive(AppState)]
    struct Services {
        dropped: Dropped,
    }
    struct Dropped(Arc<AtomicBool>);
    #[get("/held")]
    async fn held(dropped: &Dropped) -> &'static str {
        let _told = Told(Arc::clone(&dropped.0));
        sleep(seconds(1000)).await;
        "never"
    }
    let dropped = Arc::<AtomicBool>::default();
    let app = App::new(routes![held]).state(Services { dropped: Dropped(Arc::clone(&dropped)) });
    assert_eq!(ask(app.with(Timeout::new(seconds(1))), "/held").await.0, 503);
    assert!(dropped.load(Ordering::Relaxed));
}

#[test]
fn no_time_is_a_sentence_at_start() {
    let client = TestClient::builder(app!().with(Timeout::new(Duration::ZERO))).try_build();
    let fault = client.map_or_else(|error| error.to_string(), |_| "it started".to_owned());
    assert!(fault.contains("no time at all"), "{fault}");

    #[get("/", timeout = Duration::ZERO)]
    async fn stated() {}
    let applications = [
        TestClient::builder(App::new(routes![stated])).try_build(),
        TestClient::builder(app!().limits(Limits::default().handler(Duration::ZERO))).try_build(),
    ];
    for started in applications {
        let fault = started.map_or_else(|error| error.to_string(), |_| "it started".to_owned());
        assert!(fault.contains("no time at all"), "{fault}");
    }
}
