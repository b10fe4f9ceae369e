//! What became of a response: [`Sent`].

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use http::header::CONTENT_LENGTH;
use http::{Method, StatusCode};

use super::{Handle, Next};
use crate::clock::Clock;
use crate::dispatch::has_no_content;
use crate::dispatch::isolate::catch_now;
use crate::error::OneLine;
use crate::{BodyEnd, Request, Response};

/// What became of a response, as told to the function given to [`Next::on_sent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// The status, as it left the middleware; `None` if the client left before there was a response.
    pub status: Option<StatusCode>,
    /// The bytes of the body that were handed over, as they left the middleware.
    pub bytes: u64,
    /// The time from when the request came to the middleware until the body had ended.
    pub duration: Duration,
    /// Whether all of the body was handed over, or a middleware further out has answered 304 or 412 in its place: `false` if the client
    /// left, or if the body failed.
    pub complete: bool,
}

/// How many bytes the client waits for, where it has been told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Awaited(Option<u64>);

impl Awaited {
    pub(super) fn of(method: &Method, response: &Response) -> Self {
        if *method == Method::HEAD || has_no_content(response.status()) {
            return Self(Some(0));
        }
        let stated = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
        Self(stated().or_else(|| response.body().exact_len()))
    }

    /// Whether this was all: a server that has sent as much as it said asks for no more.
    pub(super) fn has_all(self, end: BodyEnd) -> bool {
        end.complete || self.0 == Some(end.bytes)
    }
}

/// One response on its way. What it is to be told of the end is told exactly once.
pub(super) struct Sending<F: FnOnce(&Sent)> {
    hook: Option<F>,
    clock: Clock,
    started: Instant,
    method: Method,
    status: Option<StatusCode>,
    awaited: Awaited,
}

impl<F: FnOnce(&Sent) + Send + Sync + 'static> Sending<F> {
    pub(super) fn begin(request: &Request, clock: &Clock, hook: F) -> Self {
        Self {
            hook: Some(hook),
            clock: clock.clone(),
            started: clock.now(),
            method: request.method().clone(),
            status: None,
            awaited: Awaited::default(),
        }
    }

    /// The response, which is watched from now on.
    pub(super) fn watch(mut self, response: Response) -> Response {
        self.awaited = Awaited::of(&self.method, &response);
        self.status = Some(response.status());
        response.map(|body| body.on_end(move |end| self.end(end)))
    }
}

impl<F: FnOnce(&Sent)> Sending<F> {
    fn end(mut self, end: BodyEnd) {
        self.tell(end.bytes, self.awaited.has_all(end));
    }

    fn tell(&mut self, bytes: u64, complete: bool) {
        let Some(hook) = self.hook.take() else { return };
        let duration = self.clock.now().saturating_duration_since(self.started);
        let sent = Sent { status: self.status, bytes, duration, complete };
        if let Err(panic) = catch_now(|| hook(&sent)) {
            tracing::error!(target: "cello", "a function given to `on_sent` panicked: {}", OneLine(panic.message()));
        }
    }
}

impl<F: FnOnce(&Sent)> Drop for Sending<F> {
    /// The client left before there was a response.
    fn drop(&mut self) {
        self.tell(0, false);
    }
}

/// What comes after a middleware that wants to know what becomes of the response: see [`Next::on_sent`].
#[must_use = "it runs nothing by itself: call `run`"]
pub struct Observed<'a, H, P, F> {
    next: Next<'a, H, P>,
    hook: F,
}

impl<'a, H, P, F> Observed<'a, H, P, F> {
    pub(super) fn new(next: Next<'a, H, P>, hook: F) -> Self {
        Self { next, hook }
    }
}

impl<'a, H: Handle, F: FnOnce(&Sent) + Send + Sync + 'static> Observed<'a, H, (), F> {
    /// Hands the request on, and gives the response, which is watched from then on. Whoever changes it further counts what
    /// is sent; its status and length are taken now.
    pub fn run(self, request: Request) -> impl Future<Output = Response> + Send + use<'a, H, F> {
        let sending = Sending::begin(&request, self.next.clock(), self.hook);
        let next = self.next;
        async move { sending.watch(next.run(request).await) }
    }
}

impl<'a, H, P, F> Observed<'a, H, P, F>
where
    H: Handle,
    P: Send + Sync + 'static,
    F: FnOnce(&Sent) + Send + Sync + 'static,
{
    /// As [`Next::run_with`], and as [`run`](Self::run).
    pub async fn run_with(self, request: Request, value: &P) -> Response {
        let sending = Sending::begin(&request, self.next.clock(), self.hook);
        sending.watch(self.next.run_with(request, value).await)
    }
}

impl<H, P, F> fmt::Debug for Observed<'_, H, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed").field("next", &self.next).finish_non_exhaustive()
    }
}
