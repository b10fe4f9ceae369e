//! What a middleware learns of a response after it has been sent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use cello::middleware::Sent;
use cello::prelude::*;
use cello::testing::TestClient;

/// Notes what becomes of each response.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<Sent>>>);

impl Middleware for Notes {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let notes = Arc::clone(&self.0);
        next.on_sent(move |sent| notes.lock().unwrap().push(*sent)).run(request).await
    }
}

impl Notes {
    fn take(&self) -> Vec<(Option<u16>, u64, bool)> {
        let notes = std::mem::take(&mut *self.0.lock().unwrap());
        notes
            .iter()
            .map(|sent| (sent.status.map(|status| status.as_u16()), sent.bytes, sent.complete))
            .collect()
    }
}

struct Pieces(u8);

impl futures_core::Stream for Pieces {
    type Item = Result<&'static str, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 1;
        match self.0 {
            1 | 2 => Poll::Ready(Some(Ok("piece"))),
            3 => Poll::Ready(None),
            11 => Poll::Ready(Some(Ok("piece"))),
            12 => Poll::Ready(Some(Err("broken"))),
            _ => Poll::Ready(None),
        }
    }
}

#[get("/text")]
async fn text() -> &'static str {
    "hello"
}

#[get("/stream")]
async fn stream() -> Streaming<Pieces> {
    Streaming(Pieces(0))
}

#[get("/broken")]
async fn broken() -> Streaming<Pieces> {
    Streaming(Pieces(10))
}

#[get("/panics")]
async fn panics() -> &'static str {
    panic!("as it should")
}

#[get("/never")]
async fn never() -> &'static str {
    std::future::pending().await
}

fn app(notes: &Notes) -> impl Application {
    App::new(routes![text, stream, broken, panics, never]).with(notes.clone())
}

#[test]
fn every_answer_is_told_of_once() {
    let notes = Notes::default();
    let client = TestClient::new(app(&notes));
    for (path, told) in [
        ("/text", (Some(200), 5, true)),
        ("/stream", (Some(200), 10, true)),
        ("/broken", (Some(200), 5, false)),
        ("/panics", (Some(500), 0, true)),
        ("/nothing", (Some(404), 0, true)),
    ] {
        drop(client.get(path).send());
        let all = notes.take();
        let [(status, bytes, complete)] = all[..] else { unreachable!("{path}: {all:?}") };
        assert_eq!((status, complete), (told.0, told.2), "{path}");
        assert!(bytes == told.1 || told.1 == 0, "{path}: {bytes}");
    }
    drop(client.head("/text").send());
    assert_eq!(notes.take(), [(Some(200), 0, true)]);
}

#[test]
fn an_answer_in_whose_place_another_says_that_nothing_is_needed_is_complete() {
    let notes = Notes::default();
    let client =
        TestClient::new(App::new(routes![text, stream]).enable_conditional_requests().with(notes.clone()));
    for (path, field, value, status) in [
        ("/text", "if-none-match", "*", 304),
        ("/stream", "if-none-match", "*", 304),
        ("/text", "if-match", "\"other\"", 412),
    ] {
        assert_eq!(client.get(path).header(field, value).send().status(), status, "{path}");
        assert_eq!(notes.take(), [(Some(200), 0, true)], "{path} {field}");
    }
}

/// A client that leaves before there is a response.
#[tokio::test]
async fn a_request_without_a_response_is_told_of() {
    let notes = Notes::default();
    let mut service = app(&notes).into_service().await.unwrap();
    let request = http::Request::get("/never").body(Body::empty()).unwrap();
    let mut answer = tower_service::Service::call(&mut service, request);
    let waiting = std::future::poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx).is_pending())).await;
    assert!(waiting && notes.take().is_empty());
    drop(answer);
    assert_eq!(notes.take(), [(None, 0, false)]);
}

/// A clock that moves when it is told to.
#[derive(Clone)]
struct Hand(Arc<Mutex<Instant>>);

impl cello::Time for Hand {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

/// As a middleware, one that takes its time.
impl Middleware for Hand {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        *self.0.lock().unwrap() += Duration::from_millis(250);
        next.run(request).await
    }
}

#[test]
fn the_time_is_that_of_the_application_s_clock() {
    let (hand, notes) = (Hand(Arc::new(Mutex::new(Instant::now()))), Notes::default());
    let app = App::new(routes![text]).with(notes.clone()).with(hand.clone()).clock(cello::Clock::new(hand));
    TestClient::new(app).get("/text").send();
    let sent = notes.0.lock().unwrap()[0];
    assert_eq!(sent.duration, Duration::from_millis(250));
}

/// A hook that panics harms neither the response nor the hooks outside it.
#[test]
fn a_hook_that_panics_is_kept_in() {
    async fn panics(request: Request, next: Next<'_>) -> Response {
        next.on_sent(|_| panic!("as it should")).run(request).await
    }
    let notes = Notes::default();
    let client = TestClient::new(App::new(routes![text]).with(notes.clone()).with(panics));
    assert_eq!(client.get("/text").send().text(), "hello");
    assert_eq!(notes.take(), [(Some(200), 5, true)]);
}
