//! How much is done at once.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::sync::Arc;
use std::time::Duration;

use cello::prelude::*;
use cello::testing::TestClient;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tower_service::Service;

/// Lets the handlers go on.
struct Gate(Arc<Semaphore>);

#[derive(AppState)]
struct Services {
    gate: Gate,
}

async fn pass(gate: &Gate) {
    gate.0.acquire().await.unwrap().forget();
}

#[get("/work")]
async fn work(gate: &Gate) -> &'static str {
    pass(gate).await;
    "done"
}

#[get("/panics")]
async fn panics() -> &'static str {
    panic!("on purpose")
}

#[get("/streamed")]
async fn streamed() -> Body {
    Body::from_reader(&b"streamed"[..])
}

#[get("/route", with(ConcurrencyLimit::new(1)))]
async fn route(gate: &Gate) -> &'static str {
    pass(gate).await;
    "done"
}

#[get("/free")]
async fn free() -> &'static str {
    "free"
}

macro_rules! app {
    ($gate:expr) => {
        App::new(routes![work, panics, streamed, route, free])
            .state(Services { gate: Gate(Arc::clone($gate)) })
    };
}

fn request(path: &str) -> Request {
    http::Request::get(path).body(Body::empty()).unwrap()
}

/// Lets all other tasks go as far as they can.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

/// Begins a request.
macro_rules! begin {
    ($service:expr, $path:expr) => {
        tokio::spawn($service.call(request($path)))
    };
}

#[tokio::test(start_paused = true)]
async fn who_finds_no_place_is_refused_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let mut service = app!(&gate).with(ConcurrencyLimit::new(2)).into_service().await.unwrap();
    let working = [begin!(service, "/work"), begin!(service, "/work")];
    settle().await;
    let start = Instant::now();
    let refused = service.call(request("/work")).await.unwrap();
    assert_eq!((refused.status().as_u16(), start.elapsed()), (503, Duration::ZERO));
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    gate.add_permits(2);
    for worked in working {
        assert_eq!(worked.await.unwrap().unwrap().status(), 200);
    }
    gate.add_permits(1);
    assert_eq!(service.call(request("/work")).await.unwrap().status(), 200, "the places are free again");
}

#[tokio::test(start_paused = true)]
async fn some_may_wait_in_their_order_and_not_for_long() {
    let gate = Arc::new(Semaphore::new(0));
    let limit =
        ConcurrencyLimit::new(1).queue(2, Duration::from_secs(3)).retry_after(Duration::from_millis(2500));
    let mut service = app!(&gate).with(limit).into_service().await.unwrap();
    let working = begin!(service, "/work");
    settle().await;
    let (first, second) = (begin!(service, "/work"), begin!(service, "/work"));
    settle().await;
    let refused = service.call(request("/work")).await.unwrap();
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (503, &"3".parse().unwrap()));

    let start = Instant::now();
    gate.add_permits(1);
    assert_eq!(working.await.unwrap().unwrap().status(), 200);
    assert_eq!(second.await.unwrap().unwrap().status(), 503, "its turn did not come");
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    gate.add_permits(1);
    assert_eq!(first.await.unwrap().unwrap().status(), 200, "its turn came first");

    // Who went away does not wait any more.
    let working = begin!(service, "/work");
    settle().await;
    for _ in 0..10 {
        let gone = begin!(service, "/work");
        settle().await;
        gone.abort();
        settle().await;
    }
    let waiting = begin!(service, "/work");
    settle().await;
    gate.add_permits(2);
    assert_eq!(working.await.unwrap().unwrap().status(), 200);
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_place_is_free_after_a_panic_and_after_a_client_that_went_away() {
    let gate = Arc::new(Semaphore::new(0));
    let mut service = app!(&gate).with(ConcurrencyLimit::new(1)).into_service().await.unwrap();
    for _ in 0..3 {
        assert_eq!(service.call(request("/panics")).await.unwrap().status(), 500);
        let gone = begin!(service, "/work");
        settle().await;
        gone.abort();
        settle().await;
    }
    assert_eq!(service.call(request("/free")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_stream_keeps_its_place_until_its_end() {
    let gate = Arc::new(Semaphore::new(0));
    let mut service = app!(&gate).with(ConcurrencyLimit::new(1)).into_service().await.unwrap();
    let mut ask = async |path| service.call(request(path)).await.unwrap();
    let streaming = ask("/streamed").await;
    assert_eq!(ask("/free").await.status(), 503);
    assert_eq!(streaming.into_body().collect(100).await.unwrap(), "streamed");
    let answered = ask("/free").await;
    assert_eq!(answered.status(), 200);
    assert_eq!(ask("/free").await.status(), 200, "what is at hand keeps none");
    drop(ask("/streamed").await);
    assert_eq!(ask("/free").await.status(), 200, "nor does a stream that nobody wants");
}

#[tokio::test]
async fn a_route_has_places_of_its_own() {
    let gate = Arc::new(Semaphore::new(0));
    let mut service = app!(&gate).into_service().await.unwrap();
    let working = begin!(service, "/route");
    settle().await;
    assert_eq!(service.call(request("/route")).await.unwrap().status(), 503);
    assert_eq!(service.call(request("/free")).await.unwrap().status(), 200);
    gate.add_permits(1);
    assert_eq!(working.await.unwrap().unwrap().status(), 200);
}

#[test]
fn a_bad_configuration_is_a_sentence_at_start() {
    fn fault(app: impl Application) -> String {
        let client = TestClient::builder(app).try_build();
        client.map_or_else(|error| error.to_string(), |_| "it started".to_owned())
    }
    let gate = Arc::new(Semaphore::new(0));
    let none = fault(app!(&gate).with(ConcurrencyLimit::new(0)));
    let too_many = fault(app!(&gate).with(ConcurrencyLimit::new(usize::MAX)));
    let no_time = fault(app!(&gate).with(ConcurrencyLimit::new(1).queue(1, Duration::ZERO)));
    for (fault, reason) in [(none, "no place at all"), (too_many, "are no limit"), (no_time, "needs time")] {
        assert!(fault.contains(reason), "{fault}");
    }
}
