//! How much is done at once: [`ConcurrencyLimit`].

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::header::{HeaderValue, RETRY_AFTER};
use http::{StatusCode, request};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::after::never_waits;
use super::{Handle, Middleware, Next, Passing, Surroundings};
use crate::dispatch::Timed;
use crate::{Body, Error, IntoResponse, Problem, Request, Response};

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
/// A few atomic operations; nothing is allocated, except for a response that is a stream and for who waits in the queue.
#[derive(Debug)]
pub struct ConcurrencyLimit<Q = NoQueue> {
    most: usize,
    places: Arc<Semaphore>,
    queue: Q,
    retry_after: Duration,
}

/// The longest time after which somebody who was refused comes again.
const MOST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Who finds no place is refused at once.
#[derive(Debug)]
pub struct NoQueue;

/// So many may wait for a place.
#[derive(Debug)]
pub struct Queue {
    most: usize,
    longest: Duration,
    waiting: AtomicUsize,
}

/// Whether a [`ConcurrencyLimit`] has a queue: [`NoQueue`] or [`Queue`]; no others.
#[doc(hidden)]
pub trait MaybeQueue: fmt::Debug + Send + Sync + 'static {
    fn queue(&self) -> Option<&Queue>;

    const WAITS: bool;
}

impl MaybeQueue for NoQueue {
    fn queue(&self) -> Option<&Queue> {
        None
    }

    const WAITS: bool = false;
}

impl MaybeQueue for Queue {
    fn queue(&self) -> Option<&Queue> {
        Some(self)
    }

    const WAITS: bool = true;
}

impl ConcurrencyLimit {
    /// With so many places.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            // Too many are refused by `check`.
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            queue: NoQueue,
            retry_after: Duration::from_secs(1),
        }
    }
}

impl<Q: MaybeQueue> ConcurrencyLimit<Q> {
    /// Lets so many requests wait for a place, each no longer than this.
    #[must_use]
    pub fn queue(self, requests: usize, longest: Duration) -> ConcurrencyLimit<Queue> {
        let Self { most, places, queue: _, retry_after } = self;
        let queue = Queue { most: requests, longest, waiting: AtomicUsize::new(0) };
        ConcurrencyLimit { most, places, queue, retry_after }
    }

    /// When those who are refused should come again, in whole seconds; after 1 s by default. More than a day keeps the application from
    /// starting.
    #[must_use]
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.retry_after = time;
        self
    }

    /// A place, at once.
    #[inline]
    fn place(&self) -> Option<Place<'_>> {
        self.places.try_acquire().ok().map(|held| Place { held, of: &self.places })
    }

    /// A place for who may wait.
    async fn turn(&self) -> Option<Place<'_>> {
        if let Some(place) = self.place() {
            return Some(place);
        }
        let Queue { most, longest, waiting } = self.queue.queue()?;
        let _waiting = Waiting::begin(waiting, *most)?;
        let held = Timed::new(*longest, self.places.acquire()).await?.ok()?;
        Some(Place { held, of: &self.places })
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

impl<Q: MaybeQueue> Middleware for ConcurrencyLimit<Q> {
    const WAITS: bool = Q::WAITS;

    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        let Some(place) = self.turn().await else { return self.refusal() };
        let mut response = next.run(request).await;
        place.keep(&mut response);
        response
    }

    never_waits!(at_once);

    #[inline]
    fn enter<'a>(
        &'a self,
        _: &mut request::Parts,
        _: &mut Body,
        _: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a, Q>> {
        match self.place() {
            Some(place) => ControlFlow::Continue(|_: &Self, _: Passing<'a>, response: &mut Response| {
                place.keep(response);
            }),
            None => ControlFlow::Break(self.refusal()),
        }
    }

    fn check(&self) -> crate::Result<()> {
        if self.most == 0 {
            return Err(Error::msg("concurrency limit: no place at all refuses every request"));
        }
        if self.most > Semaphore::MAX_PERMITS {
            return Err(Error::msg(format!("concurrency limit: {} places are no limit", self.most)));
        }
        if let Some(Queue { most: 1.., longest: Duration::ZERO, .. }) = self.queue.queue() {
            return Err(Error::msg("concurrency limit: who may wait in the queue needs time for it"));
        }
        if self.retry_after > MOST_RETRY_AFTER {
            return Err(Error::msg(format!(
                "concurrency limit: nobody comes again after {:?}; a day is the longest",
                self.retry_after
            )));
        }
        Ok(())
    }

    /// Who takes two places at once waits for itself.
    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        around.once("concurrency limit", self)
    }
}

/// A place among so many.
struct Place<'a> {
    held: SemaphorePermit<'a>,
    of: &'a Arc<Semaphore>,
}

impl Place<'_> {
    /// A response that is a stream keeps the place until its end.
    fn keep(self, response: &mut Response) {
        if response.body().at_hand().is_some() {
            return;
        }
        // What is borrowed here becomes a share of the whole.
        self.held.forget();
        let kept = Kept(Arc::clone(self.of));
        let body = std::mem::take(response.body_mut());
        *response.body_mut() = body.on_end(move |_| drop(kept));
    }
}

/// A place that somebody keeps beyond the request.
struct Kept(Arc<Semaphore>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.add_permits(1);
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
