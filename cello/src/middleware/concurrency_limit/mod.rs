//! How much is done at once: [`ConcurrencyLimit`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Handle, Middleware, Next};
use crate::dispatch::Timed;
use crate::{Error, IntoResponse, Problem, Request, Response};

/// Handles no more than so many requests at once, and sheds the rest: 503 with `Retry-After`
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), sections 15.6.4 and 10.2.3), at once or after a short wait.
///
/// ```
/// use std::time::Duration;
/// use cello::prelude::*;
///
/// // Reports take much memory: two at a time, and four more may wait a second for their turn.
/// #[get("/report", with(ConcurrencyLimit::new(2).queue(4, Duration::from_secs(1))))]
/// async fn report() -> &'static str {
///     "a large one"
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![report]));
/// # assert_eq!(client.get("/report").send().status(), 200);
/// ```
///
/// # What it does
/// - **A request counts** from when it comes here until its response is there; if that is a stream, until the stream has ended.
/// - **Who finds no place** is refused at once, so that an overloaded service answers quickly. With [`queue`](Self::queue)
///   so many may wait, in their order.
/// - **At a blueprint** its routes share the places; at a route they are its own; in the application's stack everything counts,
///   health checks too: give those a place outside.
///
/// # Defaults
/// No queue; `Retry-After: 1`. The number of places is to be given, so there is no `enable_...`.
///
/// # Cost
/// A few atomic operations; nothing is allocated, except for a response that is a stream.
#[derive(Debug)]
pub struct ConcurrencyLimit {
    most: usize,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    longest: Duration,
    retry_after: Duration,
}

impl ConcurrencyLimit {
    /// With so many places.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            // Too many are refused by `check`.
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            waiting: AtomicUsize::new(0),
            queue: 0,
            longest: Duration::ZERO,
            retry_after: Duration::from_secs(1),
        }
    }

    /// Lets so many requests wait for a place, each no longer than this.
    #[must_use]
    pub fn queue(mut self, requests: usize, longest: Duration) -> Self {
        self.queue = requests;
        self.longest = longest;
        self
    }

    /// When those who are refused should come again, in whole seconds; after 1 s by default.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = time;
        self
    }

    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        let _waiting = Waiting::begin(&self.waiting, self.queue)?;
        Timed::new(self.longest, Arc::clone(&self.places).acquire_owned()).await?.ok()
    }

    #[cold]
    fn refusal(&self) -> Response {
        let seconds = self.retry_after.as_secs() + u64::from(self.retry_after.subsec_nanos() > 0);
        Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            .with_detail(format!("more than {} requests at once; try again in {seconds} s", self.most))
            .with_header(RETRY_AFTER, HeaderValue::from(seconds))
            .into_response()
    }
}

impl Middleware for ConcurrencyLimit {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let Some(place) = self.place().await else { return self.refusal() };
        let response = next.run(request).await;
        if response.body().at_hand().is_some() {
            return response;
        }
        response.map(|body| body.on_end(move |_| drop(place)))
    }

    fn check(&self) -> crate::Result<()> {
        if self.most == 0 {
            return Err(Error::msg("concurrency limit: no place at all refuses every request"));
        }
        if self.most > Semaphore::MAX_PERMITS {
            return Err(Error::msg(format!("concurrency limit: {} places are no limit", self.most)));
        }
        if self.queue > 0 && self.longest.is_zero() {
            return Err(Error::msg("concurrency limit: who may wait in the queue needs time for it"));
        }
        Ok(())
    }
}

/// One that waits for a place.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// `None` if so many wait already.
    fn begin(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let one_more = |count: usize| (count < most).then_some(count + 1);
        waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok().map(|_| Self(waiting))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
