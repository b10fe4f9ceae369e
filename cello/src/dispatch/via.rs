//! The way by which a request came: [`Via`], and the time that its connection gives the handler: [`Within`].

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

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

/// The time of a handler that may take no longer than the application says, by the coarse clock of its connection: one
/// that has nothing to wait for does not notice. A `Timeout` in the stack keeps it itself. Elsewhere than on our server it may take as long as it likes.
pub(super) struct HandlerTime<'a> {
    call: &'a Call<'a>,
    /// It has had to wait, so that the connection keeps its time.
    limited: bool,
}

impl<'a> HandlerTime<'a> {
    #[inline]
    pub(super) fn new(call: &'a Call<'a>) -> Self {
        Self { call, limited: false }
    }

    /// Whether it is up, for a handler that has to wait.
    pub(super) fn is_up(&mut self) -> bool {
        let Via::Server(watch) = self.call.via else { return false };
        if self.call.facts.keeps_time() {
            return false;
        }
        if !self.limited {
            watch.limit_handler(self.call.shared.settings.handler_limit);
            self.limited = true;
        }
        watch.is_handler_late()
    }
}

impl Drop for HandlerTime<'_> {
    fn drop(&mut self) {
        if self.limited
            && let Via::Server(watch) = self.call.via
        {
            watch.handler_ended();
        }
    }
}

/// A future within the time of a handler; `None` if it took too long.
pub(super) struct Within<'a, F> {
    handling: F,
    time: HandlerTime<'a>,
}

impl<'a, F> Within<'a, F> {
    pub(super) fn new(call: &'a Call<'a>, handling: F) -> Self {
        Self { handling, time: HandlerTime::new(call) }
    }
}

impl<F: Future + Unpin> Future for Within<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.handling).poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.time.is_up() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
