//! The time that an answer may take: [`Timeout`].

use std::future::Future;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::request;
use pin_project_lite::pin_project;

use super::after::never_waits;
use super::{Handle, Middleware, Next, Passing, Surroundings};
use crate::dispatch::{Timed, took_too_long};
use crate::{Body, Error, Request, Response};

/// Answers 503 in place of what takes too long: the handler, and all that stands further in, with its guards and extractors
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110), section 15.6.4).
///
/// ```
/// use std::time::Duration;
/// use cello::prelude::*;
///
/// // This route may take a minute, although the others of the application have two seconds.
/// #[get("/report", timeout = Duration::from_secs(60))]
/// async fn report() -> &'static str {
///     "at last"
/// }
///
/// #[cello::blueprint("/search", with(Timeout::new(Duration::from_secs(2))))]
/// mod search {
///     use super::*;
///
///     #[get("/?<q>")]
///     async fn find(q: &str) -> String {
///         q.to_owned()
///     }
/// }
/// # fn main() {
/// # let client = cello::testing::TestClient::new(App::new(routes![report, search]));
/// # assert_eq!(client.get("/search?q=x").send().text(), "x");
/// # }
/// ```
///
/// # Beside the other limits of time
/// There is one way in which time is kept, and three places to say how much:
/// - [`Limits::handler`](crate::Limits::handler), 30 s, for every handler of the server. It is kept by a coarse clock that costs a
///   request nothing, and does not count the time in which the body is waited for.
/// - `Timeout` in its place for what stands inside it, shorter or longer, to the millisecond, in every server and in tests. It counts
///   everything, the body of the request too.
/// - `timeout = ...` in the attribute of a route or blueprint, which [`RouteMeta::config`](crate::RouteMeta::config) tells. It counts guards and handler. Of
///   two times that both hold, the shorter ends the request.
///
/// The time in which the body of the response is sent does not count. A handler that is no `async fn`, or `blocking`, cannot be
/// cancelled: it runs on, and its answer is dropped.
///
/// # Defaults
/// None: `Limits::handler` is the default, so there is no `enable_...`.
///
/// # Cost
/// Nothing for a handler that never waits; a timer, in a block of memory, for others.
#[derive(Debug, Clone)]
pub struct Timeout {
    limit: Duration,
}

impl Timeout {
    /// With this time.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { limit }
    }

    /// What it does where others wait; `run` hands the request on.
    #[inline]
    fn answer<'a, H: Handle, R, F>(
        &'a self,
        request: Request,
        next: Next<'a, H>,
        run: R,
    ) -> impl Future<Output = Response> + Send + use<'a, H, R, F>
    where
        R: FnOnce(Next<'a, H>, Request) -> F,
        F: Future<Output = Response> + Send,
    {
        next.passing.call.facts.keep_time();
        InTime { timed: Timed::new(self.limit, run(next, request)), limit: self.limit }
    }
}

impl Middleware for Timeout {
    const WAITS: bool = false;

    never_waits!(by Self::answer);

    /// Whoever runs the handler keeps the time.
    #[inline]
    fn enter<'a>(
        &'a self,
        _: &mut request::Parts,
        _: &mut Body,
        passing: Passing<'a>,
    ) -> ControlFlow<Response, impl FnOnce(&'a Self, Passing<'a>, &mut Response) + Send + use<'a>> {
        passing.call.facts.limit_time(self.limit, self);
        ControlFlow::Continue(|this: &Self, passing: Passing<'a>, response: &mut Response| {
            if this.is_over(passing) {
                // The response is that for who took too long already.
                passing.call.facts.set_late(false);
                passing.call.render(response);
            }
        })
    }

    #[inline]
    fn is_over(&self, passing: Passing<'_>) -> bool {
        passing.call.facts.is_late_for(self)
    }

    fn check(&self) -> crate::Result<()> {
        if self.limit.is_zero() {
            return Err(Error::msg(
                "timeout: no time at all lets no handler wait; leave the routes out instead",
            ));
        }
        Ok(())
    }

    fn check_within(&self, around: &mut Surroundings) -> crate::Result<()> {
        around.once("timeout", self)
    }
}

pin_project! {
    /// What stands further in, within its time.
    struct InTime<F> {
        #[pin]
        timed: Timed<F>,
        limit: Duration,
    }
}

impl<F: Future<Output = Response>> Future for InTime<F> {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let this = self.project();
        this.timed.poll(cx).map(|in_time| in_time.unwrap_or_else(|| took_too_long(*this.limit)))
    }
}
