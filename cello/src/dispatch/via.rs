//! The way by which a request came: [`Via`], and the time that its connection gives the handler: [`Within`].

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use super::Call;
use crate::server::Watch;

/// The way by which a request came.
#[derive(Debug, Clone)]
pub(crate) enum Via {
    /// A connection of our server.
    Server(Arc<Watch>),
    /// Another server, or a test; with the other end of the connection, if it is known.
    Elsewhere(Option<SocketAddr>),
}

impl Via {
    /// The other end of the connection.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Server(watch) => watch.peer(),
            Self::Elsewhere(peer) => *peer,
        }
    }

    /// Whether the connection is one of TLS.
    pub(crate) fn is_tls(&self) -> bool {
        match self {
            Self::Server(watch) => watch.is_tls(),
            Self::Elsewhere(_) => false,
        }
    }

    /// Whether the server has been told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        match self {
            Self::Server(watch) => watch.is_stopping(),
            Self::Elsewhere(_) => false,
        }
    }
}

/// The time of a handler. One that has nothing to wait for does not notice.
pub(super) struct HandlerTime<'a> {
    call: &'a Call<'a>,
    /// Whether it may take no longer than the application says, by the coarse clock of its connection. A `Timeout` in the stack goes
    /// before. Elsewhere than on our server it may take as long as it likes.
    is_limited: bool,
    /// It has had to wait, so that the connection keeps its time.
    is_kept: bool,
    /// The time that a `Timeout` has set, to the millisecond; set when the handler first has to wait.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<'a> HandlerTime<'a> {
    #[inline]
    pub(super) fn new(call: &'a Call<'a>) -> Self {
        Self { call, is_limited: true, is_kept: false, timer: None }
    }

    /// That of a `Timeout` in the stack alone.
    pub(super) fn of_middleware(call: &'a Call<'a>) -> Self {
        Self { call, is_limited: false, is_kept: false, timer: None }
    }

    /// The limit, if it is up, for a handler that has to wait.
    pub(super) fn is_up(&mut self, cx: &mut Context<'_>) -> Option<Duration> {
        let facts = self.call.facts;
        if let Some(limit) = facts.time_limit() {
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
            let is_up = timer.as_mut().poll(cx).is_ready();
            facts.set_late(is_up);
            is_up.then_some(limit)
        } else if let Via::Server(watch) = self.call.via
            && self.is_limited
            && !facts.keeps_time()
        {
            let limit = self.call.shared.settings.handler_limit;
            if !self.is_kept {
                watch.limit_handler(limit);
                self.is_kept = true;
            }
            watch.is_handler_late().then_some(limit)
        } else {
            None
        }
    }
}

impl Drop for HandlerTime<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.is_kept
            && let Via::Server(watch) = self.call.via
        {
            watch.handler_ended();
        }
    }
}

/// A future within the time of a handler; the limit, if it took too long.
pub(super) struct Within<'a, F> {
    handling: F,
    time: HandlerTime<'a>,
}

impl<'a, F> Within<'a, F> {
    pub(super) fn new(time: HandlerTime<'a>, handling: F) -> Self {
        Self { handling, time }
    }
}

impl<F: Future + Unpin> Future for Within<'_, F> {
    type Output = Result<F::Output, Duration>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = Pin::new(&mut self.handling).poll(cx) {
            return Poll::Ready(Ok(output));
        }
        self.time.is_up(cx).map_or(Poll::Pending, |limit| Poll::Ready(Err(limit)))
    }
}
